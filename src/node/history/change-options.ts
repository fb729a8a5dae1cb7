import type { ProjectTree } from '../disk/project-tree.ts'
import type { Base } from '../git/base.ts'
import type { FoundProject } from '../input/projects.ts'

export interface ChangeOptions {
  readonly since?: string | undefined
  /** `--allow-edit`, besides what the configuration allows. */
  readonly allowEdit?: readonly string[] | undefined
  /** Why every edit is allowed, a clause: `allowed by the label "x"`. */
  readonly allowance?: string | undefined
  /** Without a branch to compare with: what is committed counts as applied. */
  readonly orHead?: boolean | undefined
  /** What is selected: what is staged, or what changed since the base. */
  readonly staged?: boolean | undefined
  readonly changed?: boolean | undefined
  /** What it is compared with, where that is known already. */
  readonly base?: Base | undefined
  /** The commit that is compared; default: the files on disk, or the index. */
  readonly head?: string | undefined
  /** The projects of another tree, found as those of this one were. Without it, what is gone as a whole is not noticed. */
  readonly projectsIn?: ((tree: ProjectTree) => readonly FoundProject[]) | undefined
  /** Where continuous integrations say what a change is for; default: the program's own environment. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
}
