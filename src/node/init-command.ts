import { existsSync, writeFileSync } from 'node:fs'
import { defaultConfig } from '../lint/config.ts'
import { conventionalFolder } from './conventional-folder.ts'
import { exitCodes } from './exit-code.ts'
import { Failure, reason } from './failure.ts'

const name = 'migrate-lint.config.jsonc'

/** `migrate-lint init`: writes a configuration that says what can be said, and changes nothing by being there. */
export function initCommand(): number {
  const there = ['jsonc', 'json', 'js', 'mjs', 'ts'].map(ending => `migrate-lint.config.${ending}`).find(existsSync)
  if (there) throw new Failure(`There is already a configuration here, ${there}: it is left as it is.`)
  try {
    writeFileSync(name, template(conventionalFolder('.') ?? 'migrations'), { flag: 'wx' })
  } catch (error) {
    throw new Failure(`Cannot write ${name}: ${reason(error)}.`)
  }
  process.stderr.write(`Wrote ${name}. What is commented out shows the default.\n`)
  return exitCodes.ok
}

function template(folder: string): string {
  const { pgVersion, transaction, preset, timeouts, failOn } = defaultConfig
  return `{
  "$schema": "./node_modules/migrate-lint/schema/config.json",

  // Where the migrations are: files, directories or globs, relative to this file.
  "paths": [${JSON.stringify(folder)}],

  // The oldest PostgreSQL version that they run on.
  // "pgVersion": ${JSON.stringify(pgVersion)},

  // How plain SQL files reach the server: "wrapped" in a transaction each, "none", or "unknown".
  // "transaction": ${JSON.stringify(transaction)},

  // Which rules are on: "recommended", "strict" or "all". \`npx migrate-lint rules\` lists them.
  // "preset": ${JSON.stringify(preset)},

  // Severities of single rules: "error", "warning", "note" or "off".
  // "rules": { "drop-column": "warning" },

  // The last migration that was there before this tool: it and all before it are read, but not reported on.
  // "startAfter": "20250101000000_create_users",

  // Tables that are known to be small: what takes long on large tables is over at once on these.
  // "tables": { "countries": { "size": "small" } },

  // Who sets lock_timeout: the migration "file", the database "role", or the "runner" that applies migrations.
  // "timeouts": { "setBy": ${JSON.stringify(timeouts.setBy)} },

  // Suppression comments must say why.
  // "requireReason": false,

  // The least severity that makes the exit code 1: "error", "warning", "note" or "never".
  "failOn": ${JSON.stringify(failOn)}
}
`
}
