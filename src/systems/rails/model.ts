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
    return functionOf(name, ({ at }) => ({ ...unknown(why, at, true), mayReach: true }))
  if (names.test(name)) return functionOf(name, ({ at }) => unknown('it is a name that the model makes', at))
  if (!/^[a-z_]\w*[?!]?$/.test(name)) return undefined
  return functionOf(name, ({ at, block }) => {
    run.unread(at, why)
    // A block for each row runs as often as there are rows.
    if (block) run.perhaps(() => void run.invoke(block, [unknown(why, at)], at))
    return unknown(why, at)
  })
}
