import { functionOf, silent } from '../../code/host.ts'
import { unknown, type Value } from '../../code/value.ts'
import { transaction } from './connection.ts'
import type { Session } from './given.ts'

/** Methods that describe a model and reach no database. */
const declares =
  /^(?:belongs_to|has_(?:one|many|and_belongs_to_many|secure_password|one_attached|many_attached)|accepts_nested_attributes_for|enum|scope|default_scope|validates?\w*|serialize|store|store_accessor|attribute|attr_\w+|alias_attribute|delegate|(?:before|after|around)_\w+|abstract_class|primary_abstract_class|inheritance_column|ignored_columns|self_table_name|acts_as_\w+|reset_column_information|reset_sequence_name|encrypts|normalizes|include|extend|private|record_timestamps|readonly)=?$/

const why = 'it runs code of the application'

/** Members of a model from another file that reach no database, or are a connection; undefined: unknown. */
export function foreignMember(session: Session, connection: Value, name: string): Value | undefined {
  if (name === 'connection' || name === 'lease_connection') return connection
  const isKnown = name === 'transaction' || name === 'reset_column_information' || names.test(name)
  return isKnown ? modelMethod(session, name) : undefined
}

/** Methods of ActiveRecord itself that read and write rows (`QUERYING_METHODS` of ActiveRecord::Querying, and ActiveRecord::Persistence). */
const ofRows =
  /^(?:find(?:_by|_each|_in_batches|_or_\w+|_sole_by)?|first\w*|second|third|last|take|sole|exists|any|many|none|one|all|rewhere|where|select|reselect|order|in_order_of|regroup|reorder|group|limit|offset|joins|left_(?:outer_)?joins|includes|references|eager_load|preload|extract_associated|merge|distinct|unscoped?|having|lock|readonly|in_batches|pluck|pick|ids|count|average|minimum|maximum|sum|create|create_or_find_by|insert|insert_all|upsert|upsert_all|update|update_all|update_counters|increment_counter|decrement_counter|touch_all|destroy|destroy_all|destroy_by|delete|delete_all|delete_by|without|excluding|with|reset_counters)[?!]?$/

/** The class of a model decides its names. */
const names = /^(?:table_name|quoted_table_name|primary_key|sequence_name)$/

/** Declarations in the body of a class, which may extend a class of another file. */
export const declarations: ReadonlyMap<string, Value> = new Map(
  (
    'belongs_to has_one has_many has_and_belongs_to_many has_secure_password has_one_attached has_many_attached accepts_nested_attributes_for enum ' +
    'scope default_scope validates validate validates_presence_of validates_uniqueness_of validates_associated serialize store store_accessor attribute ' +
    'alias_attribute delegate before_validation after_validation before_save after_save before_create after_create before_update after_update ' +
    'before_destroy after_destroy after_commit around_save encrypts normalizes acts_as_list acts_as_paranoid self_joins'
  )
    .split(' ')
    .map(name => [name, silent(name)]),
)

/** A method of `ActiveRecord::Base`, which models of a migration extend. A method that reaches the database is unread. */
export function modelMethod(session: Session, name: string): Value | undefined {
  const { run } = session
  if (name === 'transaction') return transaction(session)
  if (declares.test(name)) return silent(name)
  if (name === 'new' || name === 'allocate')
    return functionOf(name, ({ at }) => ({ ...unknown(why, at, true), mayReach: 'rows' }))
  if (names.test(name)) return functionOf(name, ({ at }) => unknown('it is a name that the model makes', at))
  if (!/^[a-z_]\w*[?!]?$/.test(name)) return undefined
  return functionOf(name, ({ at, block }) => {
    run.unread(at, why, ofRows.test(name) || undefined)
    // A block for each row runs as often as there are rows.
    if (block) run.perhaps(() => void run.invoke(block, [unknown(why, at)], at))
    return unknown(why, at)
  })
}
