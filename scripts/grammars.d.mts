export const grammarNames: readonly string[]
export const grammarPackages: readonly string[]
export function grammarPath(name: string): string
export function grammarFiles(folder: string): Promise<{ path: string; contents: Uint8Array }[]>
