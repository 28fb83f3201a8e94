import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";

/** What new hashes cost: 32 MiB of memory, three times over (OWASP Password Storage, scrypt). */
const cost: ScryptCost = { N: 2 ** 15, r: 8, p: 3 };
const saltBytes = 16;
const keyBytes = 32;

/** Most that a stored hash may cost, in bytes of memory and in passes: a bad one must not stop the gateway. */
const mostMemoryBytes = 256 * 1024 * 1024;
const mostPasses = 16;

/** Characters that a password may have; longer ones are refused before they are hashed. */
export const passwordLengths = { least: 1, most: 256 } as const;

interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

interface ParsedHash {
  readonly cost: ScryptCost;
  readonly salt: Buffer;
  readonly key: Buffer;
}

/** What is hashed when there is no hash to compare with, so that nobody can tell by the time it takes. */
const nobody: ParsedHash = { cost, salt: Buffer.alloc(saltBytes), key: Buffer.alloc(keyBytes) };

/**
 * The hash to store for a password: `scrypt$N=32768,r=8,p=3$SALT$KEY`, both in base64 (RFC 7914).
 * @throws RangeError when the password is empty or has more than 256 characters
 */
export async function hashPassword(password: string): Promise<string> {
  if (!hasFittingLength(password)) throw new RangeError("A password has 1 to 256 characters.");
  const salt = randomBytes(saltBytes);
  const key = await deriveKey(password, salt, keyBytes, cost);
  const parameters = `N=${cost.N},r=${cost.r},p=${cost.p}`;
  return `scrypt$${parameters}$${salt.toString("base64")}$${key.toString("base64")}`;
}

/**
 * Whether a password is the one that was hashed.
 * @param hash null, when there is none: that takes as long and is false
 * @throws Error when the stored hash cannot be read
 */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  if (!hasFittingLength(password)) return false;
  const expected = hash === null ? nobody : parseHash(hash);
  const key = await deriveKey(password, expected.salt, expected.key.length, expected.cost);
  return timingSafeEqual(key, expected.key) && hash !== null;
}

function hasFittingLength(password: string): boolean {
  return password.length >= passwordLengths.least && password.length <= passwordLengths.most;
}

function parseHash(hash: string): ParsedHash {
  const form = /^scrypt\$N=(\d{1,7}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/=]{8,128})\$([\w+/=]{24,128})$/;
  const match = form.exec(hash);
  const [N, r, p] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3])];
  if (match === null || 128 * N * r > mostMemoryBytes || p > mostPasses) {
    throw new Error("A stored password hash cannot be read.");
  }
  const salt = Buffer.from(match[4] ?? "", "base64");
  return { cost: { N, r, p }, salt, key: Buffer.from(match[5] ?? "", "base64") };
}

function deriveKey(
  password: string,
  salt: Buffer,
  length: number,
  { N, r, p }: ScryptCost,
): Promise<Buffer> {
  const options: ScryptOptions = { N, r, p, maxmem: mostMemoryBytes + 1024 * 1024 };
  // The same password typed on another keyboard may come composed otherwise (RFC 8265 §4.2.2).
  const text = password.normalize("NFC");
  return new Promise((resolve, reject) => {
    scrypt(text, salt, length, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
