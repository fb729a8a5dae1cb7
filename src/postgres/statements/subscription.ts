import type { AlterSubscriptionStmt, CreateSubscriptionStmt, DropSubscriptionStmt, Node } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { Handlers } from './handler.ts'
import { isOff, isOn, optionText } from './option-value.ts'
import { put } from './publication.ts'
import { preventInTransactionBlock } from './transaction-block.ts'
import { otherOperation, wholeStatement } from './whole-statement.ts'

/** Subscriptions: commands that talk to the other server cannot run in a transaction. Source: subscriptioncmds.c. */
export const subscriptionHandlers = {
  CreateSubscriptionStmt: createSubscription,
  AlterSubscriptionStmt: alterSubscription,
  DropSubscriptionStmt: dropSubscription,
} satisfies Partial<Handlers>

function createSubscription(backend: Backend, node: CreateSubscriptionStmt): void {
  const name = node.subname ?? ''
  backend.operation({
    kind: 'create-other',
    ...wholeStatement(backend),
    name,
    subject: null,
    replace: false,
    ifNotExists: false,
  })
  const connects = !isOff(node.options, 'connect')
  if (connects && !isOff(node.options, 'create_slot')) {
    preventInTransactionBlock(backend, 'CREATE SUBSCRIPTION ... WITH (create_slot = true)')
  }
  put(backend, {
    kind: 'subscription',
    name,
    relations: [],
    uses: [],
    slot: hasSlot(node.options) ?? true,
    enabled: connects && !isOff(node.options, 'enabled'),
  })
}

/** slot_name = NONE: there is no slot. Null: the option is not given. */
function hasSlot(options: readonly Node[] | undefined): boolean | null {
  const text = optionText(options, 'slot_name')
  return text === null ? null : text.toLowerCase() !== 'none'
}

function alterSubscription(backend: Backend, node: AlterSubscriptionStmt): void {
  otherOperation(backend, 'alter-other')
  const name = node.subname ?? ''
  const known = backend.catalog.others.get(`subscription:${name}`)
  const slot = hasSlot(node.options)
  if (known && slot !== null) put(backend, { ...known, slot })
  const changesPublications =
    node.kind === 'ALTER_SUBSCRIPTION_SET_PUBLICATION' ||
    node.kind === 'ALTER_SUBSCRIPTION_ADD_PUBLICATION' ||
    node.kind === 'ALTER_SUBSCRIPTION_DROP_PUBLICATION'
  if (node.kind === 'ALTER_SUBSCRIPTION_ENABLED' && known) {
    put(backend, { ...known, enabled: !isOff(node.options, 'enabled') })
  }
  const refreshes = node.kind === 'ALTER_SUBSCRIPTION_REFRESH'
  if (known?.enabled === false && (refreshes || (changesPublications && !isOff(node.options, 'refresh')))) {
    const what = refreshes ? 'ALTER SUBSCRIPTION ... REFRESH' : 'ALTER SUBSCRIPTION with refresh'
    backend.fail(backend.since(14) ? '55000' : '42601', `${what} is not allowed for disabled subscriptions`)
  }
  if (refreshes) {
    preventInTransactionBlock(backend, 'ALTER SUBSCRIPTION ... REFRESH')
  } else if (changesPublications && !isOff(node.options, 'refresh')) {
    preventInTransactionBlock(backend, 'ALTER SUBSCRIPTION with refresh')
  } else if (backend.since(17) && isOn(node.options, 'failover')) {
    preventInTransactionBlock(backend, 'ALTER SUBSCRIPTION ... SET (failover)')
  }
}

function dropSubscription(backend: Backend, node: DropSubscriptionStmt): void {
  const name = node.subname ?? ''
  backend.operation({
    kind: 'drop-other',
    ...wholeStatement(backend),
    name,
    subject: null,
    ifExists: node.missing_ok ?? false,
    cascade: node.behavior === 'DROP_CASCADE',
    isNew: false,
    dependents: [],
  })
  const key = `subscription:${name}`
  if (backend.catalog.others.get(key)?.slot) preventInTransactionBlock(backend, 'DROP SUBSCRIPTION')
  backend.catalog = { ...backend.catalog, others: backend.catalog.others.remove(key) }
}
