import { describe, expect, test } from 'vitest'
import { provenance, publicUrl } from '../../src/node/git/provenance.ts'
import { git, repository, temporary } from '../kit/git.ts'

describe('where a repository can be read (SA-13)', () => {
  test.each([
    ['https://github.com/acme/shop.git', 'https://github.com/acme/shop'],
    ['https://x-access-token:ghs_secret@github.com/acme/shop', 'https://github.com/acme/shop'],
    ['https://user@git.example.org:8443/a/b.git/', 'https://git.example.org:8443/a/b'],
    ['http://git.example.org/a b.git', 'http://git.example.org/a%20b'],
    ['git@github.com:acme/shop.git', 'https://github.com/acme/shop'],
    ['gitlab.example.org:group/sub/shop.git', 'https://gitlab.example.org/group/sub/shop'],
    ['ssh://git@git.example.org:2222/acme/shop.git', 'https://git.example.org/acme/shop'],
    ['/srv/git/shop.git', null],
    ['../shop', null],
    ['file:///srv/git/shop.git', null],
    ['C:/git/shop', null],
    ['C:\\git\\shop', null],
    ['', null],
  ])('%j: %j', (remote, expected) => {
    expect(publicUrl(remote)).toBe(expected)
  })

  test('is reported with the commit and the branch', () => {
    const root = repository({ 'a.sql': 'SELECT 1;\n' })
    expect(provenance(root)).toBeNull()
    git(root, 'remote', 'add', 'origin', 'git@github.com:acme/shop.git')
    const commit = git(root, 'rev-parse', 'HEAD')
    expect(provenance(root)).toEqual({ repository: 'https://github.com/acme/shop', commit, branch: 'work' })
    git(root, 'switch', '-q', '--detach')
    expect(provenance(root)).toEqual({ repository: 'https://github.com/acme/shop', commit, branch: null })
    expect(provenance(temporary())).toBeNull()
  })
})
