import { baseName, hasFile, join, parentOf, textOf } from '../reading/files.ts'
import { textIn } from '../tracking/checksum.ts'
import { applied } from '../tracking/listed.ts'
import { tableNames } from '../tracking/table-names.ts'
import type { Tracking } from '../tracking/tracking.ts'
import { packageHash } from './prisma-8.ts'

/**
 * prisma/prisma, version 8: contract-free/control-bootstrap.ts of the target postgres. Migrations that are not on the
 * path from an empty database to the newest contract may be applied as well.
 */
export const prisma8: Tracking = {
  table: tableNames['prisma-8'][0],
  columns: ['space', 'migration_name', 'migration_hash', 'created_at'],
  order: ['id'],
  records: (rows, { project }) =>
    rows
      .filter(({ space }) => space === baseName(project.directory))
      .map(row => applied(row.migration_name ?? '', row.created_at ?? null, row.migration_hash)),
  comparedBy: 'a SHA-256 of its migration.json and ops.json',
  matching:
    ({ tree }) =>
    ({ checksum }, content, { path }) => {
      // Until 0.16 the hash began with the name of its algorithm, and covered something else.
      if (!checksum || checksum.includes(':')) return null
      const hash = packageHash(textOf(tree, join(parentOf(path), 'migration.json')) ?? '', textIn(content) ?? '')
      return hash === null ? null : hash === checksum
    },
  isForeign: ({ id }, { project, tree }) => hasFile(tree, join(project.directory, `${id}/migration.json`)),
}
