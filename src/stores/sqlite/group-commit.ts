import type { DatabaseSync, StatementSync } from "node:sqlite";
import { StoreUnavailableError } from "../../domain/stores.ts";
import { asStoreError } from "./sqlite-errors.ts";

/** A group that has grown this large is committed at once, so that one turn's burst stays bounded. */
const mostWritesInGroup = 512;

/** Time between two commits while writes keep coming, in milliseconds. */
const commitIntervalMilliseconds = 4;

/** The same while they come in such numbers that the CPU is better spent on them than on commits. */
const busyCommitIntervalMilliseconds = 12;

/** Writes in a group from which on the next one is given the longer time. */
const writesOfBusyGroup = 16;

/** The machine's time, by which commits are spaced; the gateway's own may stand still or jump. */
export interface MachineTime {
  nowMilliseconds(): number;
  schedule(delayMilliseconds: number, action: () => void): unknown;
}

/** Writes that came close together, on their way to one COMMIT. */
interface Group {
  readonly committed: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
  /** What puts memory back as it was, should the transaction be lost. */
  readonly undo: (() => void)[];
  writes: number;
}

/**
 * The only owner of BEGIN and COMMIT. Writes that come close together share a transaction, so that
 * they share its one synchronisation with the disk; each one's promise resolves after that, when
 * a power cut can no longer undo it. A write that comes alone is committed at the end of its turn
 * of the event loop; while others keep coming, commits are 4 ms apart, which measured a third of
 * the CPU of a commit a turn, and 12 ms once thousands come in a second: a commit is some 120 µs of
 * CPU however few it is for.
 *
 * A write that throws takes back its own effects and no other's: `write` is for one statement,
 * which SQLite undoes by itself, and `writeSeveral` puts a savepoint around many.
 *
 * Reads see what the open group has written and nobody has been promised yet. So that no answer
 * can rest on something that is lost a moment later, a read during an open group resolves with
 * that group's commit (and rejects with it).
 */
export class GroupCommit {
  readonly #database: DatabaseSync;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #savepoint: StatementSync;
  readonly #release: StatementSync;
  readonly #rollbackToSavepoint: StatementSync;
  readonly #time: MachineTime | undefined;
  #group: Group | undefined;
  #committedAtMilliseconds = 0;
  #intervalMilliseconds = commitIntervalMilliseconds;
  #stopped = false;

  /** @param time without it, every turn's writes are committed at its end. */
  constructor(database: DatabaseSync, time?: MachineTime) {
    this.#database = database;
    this.#time = time;
    this.#begin = database.prepare("BEGIN IMMEDIATE");
    this.#commit = database.prepare("COMMIT");
    this.#savepoint = database.prepare("SAVEPOINT one_write");
    this.#release = database.prepare("RELEASE one_write");
    this.#rollbackToSavepoint = database.prepare("ROLLBACK TO one_write");
  }

  /**
   * Runs `work` now and resolves with what it returned, once that is durable.
   * @param work may read and decide at will, but writes by one statement, as its last act that can throw.
   * @param undo puts back what `work` changed in memory, when it throws or its transaction is lost.
   * @throws StoreUnavailableError when the disk does not take it; whatever `work` throws.
   */
  write<T>(work: () => T, undo?: () => void): Promise<T> {
    try {
      const group = this.#openGroup();
      const result = work();
      if (undo !== undefined) group.undo.push(undo);
      group.writes++;
      if (group.writes >= mostWritesInGroup) this.flush();
      return group.committed.then(() => result);
    } catch (error) {
      undo?.();
      return Promise.reject(this.#afterFailure(error));
    }
  }

  /** The same for `work` that writes by several statements: all of them count, or none. */
  writeSeveral<T>(work: () => T, undo?: () => void): Promise<T> {
    return this.write(() => {
      this.#savepoint.run();
      try {
        const result = work();
        this.#release.run();
        return result;
      } catch (error) {
        if (this.#database.isTransaction) {
          this.#rollbackToSavepoint.run();
          this.#release.run();
        }
        throw error;
      }
    }, undo);
  }

  /** Runs `work`, which only reads, now; resolves when all that it can have seen is durable. */
  read<T>(work: () => T): Promise<T> {
    try {
      if (this.#stopped) throw stoppedError();
      const result = work();
      return this.#group === undefined
        ? Promise.resolve(result)
        : this.#group.committed.then(() => result);
    } catch (error) {
      return Promise.reject(asStoreError(error));
    }
  }

  /** Commits what is pending, now. */
  flush(): void {
    const group = this.#group;
    if (group === undefined) return;
    try {
      this.#commit.run();
      this.#group = undefined;
      this.#committedAtMilliseconds = this.#time?.nowMilliseconds() ?? 0;
      this.#intervalMilliseconds =
        group.writes < writesOfBusyGroup
          ? commitIntervalMilliseconds
          : busyCommitIntervalMilliseconds;
      group.resolve();
    } catch (error) {
      this.#abandon(group, error);
    }
  }

  /** Commits what is pending and refuses all that comes later. */
  stop(): void {
    this.flush();
    this.#stopped = true;
  }

  #openGroup(): Group {
    if (this.#stopped) throw stoppedError();
    if (this.#group !== undefined) return this.#group;
    this.#begin.run();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // Each write and read of the group rejects by itself; the group's own promise has no reader.
    promise.catch(() => undefined);
    this.#group = { committed: promise, resolve, reject, undo: [], writes: 0 };
    this.#scheduleCommit(this.#group);
    return this.#group;
  }

  #scheduleCommit(group: Group): void {
    const commit = () => {
      if (this.#group === group) this.flush();
    };
    const sinceLast = (this.#time?.nowMilliseconds() ?? 0) - this.#committedAtMilliseconds;
    if (this.#time === undefined || sinceLast < 0 || sinceLast >= this.#intervalMilliseconds) {
      setImmediate(commit);
    } else {
      this.#time.schedule(this.#intervalMilliseconds - sinceLast, commit);
    }
  }

  /** SQLite ends the whole transaction on a full disk and its like: then all writes in it are lost. */
  #afterFailure(error: unknown): unknown {
    if (this.#group !== undefined && !this.#database.isTransaction) {
      this.#abandon(this.#group, error);
    }
    return asStoreError(error);
  }

  #abandon(group: Group, cause: unknown): void {
    this.#group = undefined;
    if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
    for (const undo of group.undo.reverse()) undo();
    group.reject(new StoreUnavailableError(cause));
  }
}

function stoppedError(): StoreUnavailableError {
  return new StoreUnavailableError(new Error("The storage has been stopped."));
}
