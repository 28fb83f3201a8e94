/**
 * The dark modules of a QR code as one SVG path, a module being one unit: each run of dark modules in
 * a row is a rectangle.
 * @param modules rows of modules; true is dark
 */
export function qrPath(modules: readonly (readonly boolean[])[]): string {
  return modules
    .flatMap((row, y) => darkRuns(row).map(([x, length]) => rectangle(x, y, length)))
    .join("");
}

function rectangle(x: number, y: number, length: number): string {
  return `M${x} ${y}h${length}v1h-${length}z`;
}

/** Where each run of dark modules begins, and how long it is. */
function darkRuns(row: readonly boolean[]): readonly (readonly [number, number])[] {
  const runs: (readonly [number, number])[] = [];
  for (let x = 0; x < row.length; ) {
    const start = x;
    while (row[x] === true) x++;
    if (x > start) runs.push([start, x - start]);
    else x++;
  }
  return runs;
}
