// node scripts/report-results.mjs TESTS.json CHECKS: adds up what the tests and the checks said,
// prints `N passed, N failed, N skipped` and exits with 1 when anything failed or no test ran.
import { existsSync, readFileSync } from "node:fs";

const [testsFile, checksFile] = process.argv.slice(2);
let passed = 0;
let failed = 0;
let skipped = 0;

if (existsSync(testsFile)) {
  const tests = JSON.parse(readFileSync(testsFile, "utf8"));
  passed += tests.numPassedTests;
  failed += tests.numFailedTests;
  skipped += tests.numPendingTests + tests.numTodoTests;
}
const ranTests = passed + failed > 0;

for (const line of readFileSync(checksFile, "utf8").trim().split("\n")) {
  const [name, status] = line.split(" ");
  if (name === "tests") {
    // A run can fail with no failed test: a file that does not load, an unhandled error.
    if (status !== "0" && failed === 0) failed++;
  } else if (status === "0") passed++;
  else failed++;
  console.log(`${status === "0" ? "ok    " : "FAILED"} ${name}`);
}

if (!ranTests) console.log("No test ran.");
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 || !ranTests ? 1 : 0);
