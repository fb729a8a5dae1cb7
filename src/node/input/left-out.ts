import { dirname, relative } from 'node:path'
import { visible } from '../../report/visible.ts'
import { contains } from '../../systems/reading/tree.ts'
import { slashes } from '../disk/path.ts'
import type { ProjectTree } from '../disk/project-tree.ts'
import type { LintFlags } from '../flags.ts'
import { configsBelow } from './config-file.ts'
import type { FoundProject } from './projects.ts'
import type { ResolvedConfig } from './resolve-config.ts'
import { type Selection, standardInput } from './selection.ts'

/** Notices about files that a command leaves out. */

/**
 * Files that the command line names although they are not migrations to apply. That is not an error, because hooks name
 * every file.
 */
export function leftOut(
  { askedFiles, ignoredFiles, goneFiles }: Selection,
  migrations: readonly string[],
  refused: readonly { readonly directory: string }[],
  skipped: ReadonlyMap<string, string>,
  tree: ProjectTree,
  display: (path: string) => string,
): string[] {
  const others = askedFiles.filter(
    path =>
      !tree.unreadable.has(path) &&
      !goneFiles.includes(path) &&
      !migrations.includes(path) &&
      !refused.some(({ directory }) => contains(directory, path)),
  )
  return [
    ...ignoredFiles.map(path => `${display(path)} is ignored by the configuration.`),
    ...goneFiles.map(path => `${display(path)} is deleted, so it was not linted.`),
    ...others.map(path => `${display(path)} was skipped: ${skipped.get(path) ?? 'it is not a migration'}.`),
  ]
}

/**
 * Links to folders that were not followed. If there are migrations next to them, the input is incomplete. Links
 * elsewhere are only reported, one line each.
 */
export function closedLinks(tree: ProjectTree, selection: Selection, projects: readonly FoundProject[]): string[] {
  const { asked, isIgnored } = selection
  const directories = [
    ...(asked ?? []).flatMap(({ directory, files }) => (files === null ? directory : [])),
    ...projects.flatMap(({ readings }) =>
      readings.flatMap(({ project }) => (project.migrations.length > 0 ? project.directory : [])),
    ),
  ]
  return [...tree.closed].flatMap(([path, why]) => {
    if (isIgnored(path) || isIgnored(`${path}/`)) return []
    if (!selection.files?.includes(path) && !directories.some(directory => contains(directory, path))) {
      return asked === null ? [`${path} was not read: ${why}.`] : []
    }
    tree.unreadable.set(path, why)
    return []
  })
}

/**
 * Configurations beside the migrations that have no effect, because the tool was started above them. People who name a configuration, or
 * want none, know this.
 */
export function passedOver(
  { file, root, source }: ResolvedConfig,
  { config: named }: Partial<LintFlags>,
  paths: readonly string[],
  { disk }: ProjectTree,
  workingDirectory: string,
): string[] {
  if (named !== undefined) return []
  const folders = [...new Set(paths.filter(path => path !== standardInput).map(path => dirname(disk.absolute(path))))]
  const counts = file === null ? 'no configuration' : slashes(relative(workingDirectory, file)) || file
  return configsBelow(root, folders, source).map(found => {
    const name = slashes(relative(workingDirectory, found))
    const remedy = `run migrate-lint in ${slashes(dirname(name))}/, or name it with --config`
    return visible(`${name} is not read: ${counts} counts here. To use it, ${remedy}.`)
  })
}
