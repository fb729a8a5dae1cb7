import { hasFile, join, upwards } from '../reading/files.ts'
import { type Settings, settingsAt } from '../reading/program-settings.ts'
import { filesBelow, type Tree } from '../reading/tree.ts'

/** The settings of the project around a directory. */
export function settingsFiles(tree: Tree, directory: string): Settings[] {
  return filesBelow(tree, homeOf(tree, directory))
    .filter(path => /(^|\/)settings(\/[^/]+)?\.py$|(^|\/)settings[^/]*\.py$/.test(path) && !/site-packages/.test(path))
    .flatMap(path => settingsAt(tree, path) ?? [])
}

/** The folder of manage.py. */
export function homeOf(tree: Tree, directory: string): string {
  return upwards(directory).find(dir => hasFile(tree, join(dir, 'manage.py'))) ?? directory
}
