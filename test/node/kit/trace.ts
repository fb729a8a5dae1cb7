import { validated } from '../../kit/report-schema.ts'
import { migrateLint, project } from './program.ts'

export interface Traced {
  readonly statements: readonly {
    readonly path: string
    readonly sql: string
    readonly takesBack?: string
    readonly changes?: readonly object[]
    readonly notSent?: string
    readonly refused?: { readonly sqlstate: string }
    readonly locksSeen?: string
    readonly relations?: readonly {
      readonly relation: string
      readonly lock: string | null
      readonly work: string
      readonly read?: number
    }[]
    readonly differences: readonly object[]
  }[]
  readonly failures: readonly { readonly path: string }[]
  readonly takenBack: readonly { readonly path: string; readonly notCompared: string | null }[]
  readonly notTakenBack: readonly object[]
  readonly summary: { readonly statements: number; readonly notRun: number; readonly differences: number }
}

/** What `trace` prints as JSON for a project with these files; nothing if it prints nothing. */
export async function traced(files: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const cwd = project(files)
  const { code, stdout, stderr } = await migrateLint(['trace', '-f', 'json', ...args], { cwd })
  const none = { statements: [], failures: [], takenBack: [], notTakenBack: [] }
  const nothing: Traced = { ...none, summary: { statements: 0, notRun: 0, differences: 0 } }
  return { code, stderr, cwd, trace: stdout === '' ? nothing : validated<Traced>(stdout, 'trace') }
}
