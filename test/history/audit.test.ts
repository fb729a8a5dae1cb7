import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { completeConfig } from '../../src/lint/config/config-file.ts'
import { WorkingTree } from '../../src/node/disk/working-tree.ts'
import { Repository } from '../../src/node/git/repository.ts'
import { audit } from '../../src/node/history/audit.ts'
import { findMigrations } from '../../src/node/input/projects.ts'
import { select } from '../../src/node/input/selection.ts'
import { progressOn } from '../../src/node/output/progress.ts'
import { commit, git, repository } from '../kit/git.ts'

function past(root: string, progress = progressOn({ write: () => {} })): string[] {
  const tree = new WorkingTree(root)
  const common = { typed: [], paths: [], ignore: [], errorOnUnmatchedPattern: true, isDeleted: () => false }
  const selection = select({ ...common, workingDirectory: root, tree })
  const { projects } = findMigrations(tree, selection, completeConfig({}), { down: false })
  const changes = projects.flatMap(({ readings }) =>
    readings.flatMap(each => audit(each, Repository.at(root), tree, progress)),
  )
  return changes.map(({ path, kind, edit, from }) => [path, kind, edit ?? from].filter(Boolean).join(' '))
}

test('the past is listed commit by commit, as the main line saw it', () => {
  const root = repository({ 'migrations/1_a.sql': 'SELECT 1;\n', 'migrations/README.md': 'x\n' })
  git(root, 'switch', '-q', 'main')
  commit(root, { 'migrations/1_a.sql': 'SELECT 2;\n', 'migrations/README.md': 'y\n' })
  commit(root, { 'migrations/1_a.sql': '-- two\nSELECT 2;\n', 'migrations/2_ü b.sql': 'SELECT 3;\n' })
  git(root, 'mv', 'migrations/2_ü b.sql', 'migrations/3_b.sql')
  commit(root)
  rmSync(join(root, 'migrations/3_b.sql'))
  commit(root, { 'other/1_a.sql': 'SELECT 1;\n' })
  // What a branch does to its own is not applied before it is merged.
  git(root, 'switch', '-qc', 'feature')
  commit(root, { 'migrations/4_d.sql': 'SELECT 4;\n' })
  commit(root, { 'migrations/4_d.sql': 'SELECT 5;\n', 'migrations/1_a.sql': 'SELECT 9;\n' })
  git(root, 'switch', '-q', 'main')
  git(root, 'merge', '-q', '--no-ff', '-m', 'merge', 'feature')
  expect(past(root)).toEqual([
    'migrations/1_a.sql edited statements',
    'migrations/1_a.sql edited comments',
    'migrations/3_b.sql renamed migrations/2_ü b.sql',
    'migrations/3_b.sql deleted',
    'migrations/1_a.sql edited statements',
  ])
})

test('only a terminal shows the progress', () => {
  const root = repository({ 'migrations/1_a.sql': 'SELECT 1;\n' })
  commit(root, { 'migrations/1_a.sql': 'SELECT 2;\n' })
  const shown = (isTTY: boolean) => {
    let text = ''
    const progress = progressOn({
      isTTY,
      write: more => {
        text += more
      },
    })
    past(root, progress)
    progress.done()
    return text
  }
  expect(shown(false)).toBe('')
  expect(shown(true).split('\r\u001b[2K')).toEqual([
    '',
    'Reading the log of migrations …',
    'Reading 1 file that migrations had in 2 changes …',
    'Comparing 1 change of migrations in migrations …',
    '',
  ])
})
