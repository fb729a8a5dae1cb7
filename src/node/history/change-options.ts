import type { ProjectTree } from '../disk/project-tree.ts'
import type { Base } from '../git/base.ts'
import type { FoundProject } from '../input/projects.ts'

export interface ChangeOptions {
  readonly since?: string | undefined
  /** `--allow-edit`, in addition to the configuration. */
  readonly allowEdit?: readonly string[] | undefined
  /** The reason why every edit is allowed, a clause: `allowed by the label "x"`. */
  readonly allowance?: string | undefined
  /** If there is no branch to compare with, everything that is committed counts as applied. */
  readonly orHead?: boolean | undefined
  /** Selects what is staged, or what changed since the base. */
  readonly staged?: boolean | undefined
  readonly changed?: boolean | undefined
  /** The base, if it is known already. */
  readonly base?: Base | undefined
  /** The commit that is compared. Default: the files on disk, or the index. */
  readonly head?: string | undefined
  /**
   * Finds the projects of another tree in the same way as those of this one. Without it, a project that disappeared as
   * a whole is not noticed.
   */
  readonly projectsIn?: ((tree: ProjectTree) => readonly FoundProject[]) | undefined
  /** The variables in which CI systems say what a change is for. Default: the program's own environment. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
}
