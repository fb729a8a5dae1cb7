import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const lists = fileURLToPath(new URL('../python', import.meta.url))
const cache = fileURLToPath(new URL('../../../.cache/python', import.meta.url))

/** Why there are no packages of Python on this machine, or null. */
export function withoutPython(): string | null {
  const { status } = spawnSync('python3', ['-m', 'pip', '--version'], { stdio: 'ignore' })
  return status === 0 ? null : 'there is no python3 with pip on this machine'
}

/** The folder with the packages of a list in `test/systems/python`, installed when the list has changed. */
export function packagesOf(name: string): string {
  const list = join(lists, name, 'requirements.txt')
  const [folder, stamp, wanted] = [join(cache, name), join(cache, name, 'installed.txt'), readFileSync(list, 'utf8')]
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return folder
  rmSync(folder, { recursive: true, force: true })
  const args = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--root-user-action=ignore',
    '--only-binary=:all:',
  ]
  execFileSync('python3', [...args, '--target', folder, '-r', list], { stdio: ['ignore', 'inherit', 'inherit'] })
  writeFileSync(stamp, wanted)
  return folder
}

/** What a program of Python makes of some input, both JSON, with the packages of a list. Throws with what it printed when it fails. */
export function python<T>(name: string, program: string, input: unknown): T {
  const output = execFileSync('python3', [program], {
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      PYTHONPATH: packagesOf(name),
      PYTHONUTF8: '1',
      PYTHONDONTWRITEBYTECODE: '1',
    },
    input: JSON.stringify(input),
    maxBuffer: 1 << 30,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  return JSON.parse(output.toString('utf8'))
}

/** Alembic's env.py for the server that DATABASE_URL names, with a transaction for each migration. */
export const alembicEnvironment = `import os
from alembic import context
from sqlalchemy import create_engine
engine = create_engine(os.environ['DATABASE_URL'].replace('postgres://', 'postgresql+psycopg://'))
with engine.connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
`
