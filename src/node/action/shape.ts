import { mismatches, type Schema } from '../../lint/config/schema.ts'

/**
 * What the action relies on in the event and in GitHub's answers. Both may contain anything: a proxy's page, an answer
 * that was cut off, another version of the API. Anything with another shape is refused where it comes in.
 */
const commit: Schema = { type: 'string', pattern: '^[0-9a-f]{40,64}$' }
const name: Schema = { type: ['string', 'null'] }
const repository: Schema = { type: ['object', 'null'], properties: { full_name: name } }
const identified: Schema = { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } }

const pullRequest: Schema = {
  type: 'object',
  required: ['number', 'head', 'base'],
  properties: {
    number: { type: 'integer', minimum: 1 },
    head: { type: 'object', required: ['sha'], properties: { sha: commit, repo: repository } },
    base: {
      type: 'object',
      required: ['sha', 'ref'],
      properties: { sha: commit, ref: { type: 'string' }, repo: repository },
    },
    labels: {
      type: 'array',
      items: { anyOf: [{ type: 'string' }, { type: 'object', properties: { name } }] },
    },
  },
}

const workflowRun: Schema = {
  type: 'object',
  properties: {
    event: name,
    head_sha: name,
    head_branch: name,
    head_repository: {
      type: ['object', 'null'],
      properties: { owner: { type: ['object', 'null'], properties: { login: name } } },
    },
  },
}

const viewer: Schema = { type: 'object', required: ['login'], properties: { login: { type: 'string' } } }

const comment: Schema = {
  type: 'object',
  required: ['databaseId', 'isMinimized', 'body'],
  properties: {
    databaseId: { type: 'integer' },
    author: { type: ['object', 'null'], properties: { login: name } },
    isMinimized: { type: 'boolean' },
    body: { type: 'string' },
  },
}

const comments: Schema = {
  type: 'object',
  required: ['nodes', 'pageInfo'],
  properties: {
    nodes: { type: 'array', items: comment },
    pageInfo: {
      type: 'object',
      required: ['hasNextPage'],
      properties: { hasNextPage: { type: 'boolean' }, endCursor: name },
    },
  },
}

const lineComment: Schema = {
  type: 'object',
  required: ['id', 'body'],
  properties: {
    id: { type: 'integer' },
    body: { type: 'string' },
    user: { type: ['object', 'null'], properties: { login: name } },
  },
}

/** A schema for an object that has this schema below these keys. */
function within(schema: Schema, ...keys: readonly string[]): Schema {
  return keys.reduceRight<Schema>((inner, key) => {
    return { type: 'object', required: [key], properties: { [key]: inner } }
  }, schema)
}

const shapes = {
  event: { type: 'object', properties: { pull_request: pullRequest, workflow_run: workflowRun } },
  'merge base': within(commit, 'merge_base_commit', 'sha'),
  'pull request': pullRequest,
  'list of pull requests': { type: 'array', items: pullRequest },
  'list of comments': {
    type: 'object',
    required: ['viewer', 'repository'],
    properties: { viewer, repository: within(comments, 'pullRequest', 'comments') },
  },
  'list of comments on lines': { type: 'array', items: lineComment },
  viewer: within(viewer, 'viewer'),
  comment: identified,
} satisfies Record<string, Schema>

export type Shape = keyof typeof shapes

/** A sentence that says where a value does not have that shape; null: it has. */
export function misshapen(value: unknown, shape: Shape): string | null {
  const [first] = mismatches(value, shapes[shape], 'It')
  return first?.message ?? null
}
