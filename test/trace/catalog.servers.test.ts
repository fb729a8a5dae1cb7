import { expect, test } from 'vitest'
import { startLocal } from '../../src/node/server/local-server.ts'
import { supportedVersions } from '../../src/postgres/version.ts'
import { nativeFolder } from '../postgres/servers/installed.ts'
import { before, unseen } from './kit/catalog-changes.ts'

test.each(supportedVersions)('each kind of change is seen on PostgreSQL %i', async version => {
  const server = await startLocal({ folder: nativeFolder(version), superuser: true, seconds: 600 })
  const session = await server.connect()
  try {
    await session.send(before)
    expect(await unseen(session)).toEqual([])
  } finally {
    await session.end()
    await server.stop()
  }
})
