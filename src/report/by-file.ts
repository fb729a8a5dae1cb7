/** Findings, or other items about a file, by their file; the files are in the order of the first item of each. */
export function byFile<Of extends { readonly path: string }>(all: readonly Of[]): Map<string, Of[]> {
  const files = new Map<string, Of[]>()
  for (const each of all) {
    const sameFile = files.get(each.path)
    if (sameFile) sameFile.push(each)
    else files.set(each.path, [each])
  }
  return files
}
