import type { DatabaseSync } from "node:sqlite";
import { readUserDocument } from "../stored-documents.ts";
import { searchTextOfUser } from "../user-search.ts";

/**
 * One entry for each version of the schema; `PRAGMA user_version` says how many have been
 * applied. An entry that has been released is never edited: a change is a new entry.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE tenants (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
  );
  CREATE TABLE secrets (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
  );
  CREATE TABLE devices (
    tenant_id TEXT NOT NULL,
    mac_address TEXT NOT NULL,
    state TEXT NOT NULL,
    revision INTEGER NOT NULL,
    search_text TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (tenant_id, mac_address)
  );
  CREATE INDEX devices_by_state ON devices (tenant_id, state, mac_address);
  CREATE TABLE verification_codes (
    tenant_id TEXT NOT NULL,
    mac_address TEXT NOT NULL,
    code TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    wrong_tries INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, mac_address)
  ) WITHOUT ROWID;
  CREATE INDEX verification_codes_by_expiry ON verification_codes (expires_at);
  CREATE TABLE wrong_tries (
    id INTEGER PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    mac_address TEXT NOT NULL,
    address TEXT NOT NULL,
    at INTEGER NOT NULL
  );
  CREATE INDEX wrong_tries_by_tenant ON wrong_tries (tenant_id, at, address);
  CREATE INDEX wrong_tries_by_device ON wrong_tries (tenant_id, mac_address);
  CREATE INDEX wrong_tries_by_time ON wrong_tries (at);
  CREATE TABLE accounts (
    authentication_name TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    aor TEXT NOT NULL,
    mac_address TEXT,
    document TEXT NOT NULL
  );
  CREATE INDEX accounts_by_aor ON accounts (tenant_id, aor);
  CREATE INDEX accounts_by_device ON accounts (tenant_id, mac_address) WHERE mac_address IS NOT NULL;
  CREATE TABLE users (
    tenant_id TEXT NOT NULL,
    upn TEXT NOT NULL,
    phone_number TEXT,
    document TEXT NOT NULL,
    PRIMARY KEY (tenant_id, upn)
  );
  CREATE INDEX users_by_phone_number ON users (tenant_id, phone_number, upn)
    WHERE phone_number IS NOT NULL;
  CREATE TABLE binding_journal (
    sequence INTEGER PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    aor TEXT NOT NULL,
    bindings TEXT NOT NULL
  );
  CREATE TABLE device_events (
    tenant_id TEXT NOT NULL,
    mac_address TEXT NOT NULL,
    number INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (tenant_id, mac_address, number)
  ) WITHOUT ROWID;
  `,
  `
  CREATE TABLE identity_state (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    document TEXT NOT NULL,
    alias TEXT,
    grant_id TEXT,
    expires_at INTEGER NOT NULL,
    consumed_at INTEGER,
    PRIMARY KEY (kind, id)
  ) WITHOUT ROWID;
  CREATE INDEX identity_state_by_alias ON identity_state (kind, alias) WHERE alias IS NOT NULL;
  CREATE INDEX identity_state_by_grant ON identity_state (grant_id) WHERE grant_id IS NOT NULL;
  CREATE INDEX identity_state_by_expiry ON identity_state (expires_at);
  `,
  `
  ALTER TABLE users ADD COLUMN search_text TEXT NOT NULL DEFAULT '';
  UPDATE users SET search_text = search_text_of_user(document);
  ALTER TABLE devices ADD COLUMN upn TEXT;
  UPDATE devices SET upn = json_extract(document, '$.upn');
  CREATE INDEX devices_by_user ON devices (tenant_id, upn, mac_address) WHERE upn IS NOT NULL;
  CREATE TABLE calling_policies (
    tenant_id TEXT NOT NULL,
    folded_name TEXT NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    settings TEXT NOT NULL,
    PRIMARY KEY (tenant_id, folded_name)
  ) WITHOUT ROWID;
  CREATE TABLE conditional_access (
    tenant_id TEXT PRIMARY KEY,
    document TEXT NOT NULL
  );
  CREATE TABLE sign_ins (
    tenant_id TEXT NOT NULL,
    mac_address TEXT NOT NULL,
    id TEXT NOT NULL,
    status TEXT NOT NULL,
    node_id TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (tenant_id, mac_address)
  ) WITHOUT ROWID;
  CREATE INDEX sign_ins_pending ON sign_ins (node_id) WHERE status = 'pending';
  CREATE TABLE commands (
    tenant_id TEXT NOT NULL,
    mac_address TEXT NOT NULL,
    number INTEGER NOT NULL,
    id TEXT NOT NULL,
    status TEXT NOT NULL,
    sent_at INTEGER,
    document TEXT NOT NULL,
    PRIMARY KEY (tenant_id, mac_address, number)
  ) WITHOUT ROWID;
  CREATE UNIQUE INDEX commands_by_id ON commands (tenant_id, mac_address, id);
  `,
  `
  CREATE TABLE policy_refreshes (
    tenant_id TEXT NOT NULL,
    mac_address TEXT NOT NULL,
    folded_policy TEXT NOT NULL,
    applied_version INTEGER,
    assigned_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (tenant_id, mac_address)
  ) WITHOUT ROWID;
  CREATE INDEX policy_refreshes_by_progress
    ON policy_refreshes (tenant_id, folded_policy, applied_version, assigned_at);
  `,
  `
  CREATE TABLE calling_policy_versions (
    tenant_id TEXT NOT NULL,
    folded_name TEXT NOT NULL,
    version INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, folded_name, version)
  ) WITHOUT ROWID;
  INSERT INTO calling_policy_versions (tenant_id, folded_name, version, made_at)
    SELECT tenant_id, folded_name, version, changed_at FROM calling_policies;
  `,
  `
  CREATE TABLE sip_devices_configurations (
    tenant_id TEXT PRIMARY KEY,
    document TEXT NOT NULL
  );
  CREATE TABLE bulk_sign_ins (
    number INTEGER PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    node_id TEXT NOT NULL,
    at_work INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    document TEXT NOT NULL
  );
  CREATE UNIQUE INDEX bulk_sign_ins_by_id ON bulk_sign_ins (tenant_id, id);
  CREATE INDEX bulk_sign_ins_in_order ON bulk_sign_ins (tenant_id, number);
  CREATE INDEX bulk_sign_ins_at_work ON bulk_sign_ins (node_id) WHERE at_work = 1;
  `,
  `
  CREATE TABLE polling_nodes (
    node_id TEXT NOT NULL PRIMARY KEY,
    alive_until INTEGER NOT NULL
  ) WITHOUT ROWID;
  `,
  `
  CREATE TABLE administrators (
    tenant_id TEXT NOT NULL,
    folded_name TEXT NOT NULL,
    token_hash TEXT,
    role TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (tenant_id, folded_name)
  ) WITHOUT ROWID;
  CREATE UNIQUE INDEX administrators_by_token ON administrators (tenant_id, token_hash)
    WHERE token_hash IS NOT NULL;
  CREATE TABLE administrator_sessions (
    tenant_id TEXT NOT NULL,
    id_hash TEXT NOT NULL,
    folded_name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id_hash)
  ) WITHOUT ROWID;
  CREATE INDEX administrator_sessions_by_name
    ON administrator_sessions (tenant_id, folded_name, created_at);
  CREATE INDEX administrator_sessions_by_creation ON administrator_sessions (created_at);
  `,
];

/**
 * Brings the database to the newest schema, all steps or none.
 * @throws SchemaTooNewError when a newer gateway wrote it.
 */
export function migrate(database: DatabaseSync): void {
  const row = database.prepare("PRAGMA user_version").get() as { user_version: number };
  if (row.user_version > migrations.length) {
    throw new SchemaTooNewError(row.user_version, migrations.length);
  }
  // SQL cannot fold the case of letters beyond ASCII.
  database.function("search_text_of_user", (document) =>
    searchTextOfUser(readUserDocument(String(document))),
  );
  database.exec("BEGIN EXCLUSIVE");
  try {
    for (const migration of migrations.slice(row.user_version)) database.exec(migration);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

/** The data file was written by a newer version of the gateway. */
export class SchemaTooNewError extends Error {
  readonly code = "SCHEMA_TOO_NEW";

  constructor(found: number, known: number) {
    super(
      `The data file has schema version ${found}; this gateway knows versions up to ${known}. ` +
        "Start the newer gateway that wrote it, or restore a backup.",
    );
    this.name = "SchemaTooNewError";
  }
}
