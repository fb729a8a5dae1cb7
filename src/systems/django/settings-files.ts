import { codeOf } from '../reading/comment.ts'
import { hasFile, join, upwards } from '../reading/files.ts'
import { filesBelow, type Tree } from '../reading/tree.ts'

/** Texts of the settings of the project around a directory. */
export function settingsFiles(tree: Tree, directory: string): string[] {
  return filesBelow(tree, homeOf(tree, directory))
    .filter(path => /(^|\/)settings(\/[^/]+)?\.py$|(^|\/)settings[^/]*\.py$/.test(path) && !/site-packages/.test(path))
    .map(path => codeOf(tree, path) ?? '')
}

/** The folder of manage.py. */
export function homeOf(tree: Tree, directory: string): string {
  return upwards(directory).find(dir => hasFile(tree, join(dir, 'manage.py'))) ?? directory
}
