import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
// Not the bin.js of the package: it goes through a shell, which cuts the names of the rule sets at their semicolon.
const program = join(here, 'node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool')

/** Why the validator is not available on this machine, or null. */
export const missing =
  process.platform === 'linux' && process.arch === 'x64' ? null : 'it is installed for linux-x64 only'

/** npm takes away that Microsoft's Sarif.Multitool can be started. */
export function makeStartable(): void {
  chmodSync(program, 0o755)
}

/**
 * Errors and warnings of the validator about a log, a line each without the file's name, by the rules of SARIF and by those of
 * GitHub. Its exit code is 0 whatever it finds, so what it prints is read. Throws when it does not say that it looked at the file.
 */
export function complaints(log: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'migrate-lint-sarif-'))
  try {
    const file = join(folder, 'report.sarif')
    writeFileSync(file, log)
    const args = ['validate', file, '--rule-kind', 'Sarif;Ghas', '--level', 'Error;Warning']
    // Without it the program looks for ICU, which small machines do not have.
    const env = { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' }
    const output = execFileSync(program, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
    if (!/^Done\. 1 files scanned\.$/m.test(output)) throw new Error(`Sarif.Multitool says:\n${output}`)
    return output.split('\n').flatMap(line => (line.startsWith(file) ? line.slice(file.length) : []))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
