import { writeHandlers } from '../query/write.ts'
import { catalogObjectHandlers } from './catalog-object.ts'
import { commentHandlers } from './comment.ts'
import { copyHandlers } from './copy.ts'
import { createTableAsHandlers } from './create-table-as.ts'
import { databaseHandlers } from './database.ts'
import { domainHandlers } from './domain.ts'
import { dropHandlers } from './drop.ts'
import { enumHandlers } from './enum.ts'
import { extensionHandlers } from './extension.ts'
import { foreignDataHandlers } from './foreign-data.ts'
import type { Handlers } from './handler.ts'
import { indexHandlers } from './index/index-build.ts'
import { reindexHandlers } from './index/reindex.ts'
import { lockTableHandlers } from './lock-table.ts'
import { maintenanceHandlers } from './maintenance.ts'
import { materializedViewHandlers } from './materialized-view.ts'
import { ownerHandlers } from './owner.ts'
import { policyHandlers } from './policy.ts'
import { privilegeHandlers } from './privilege.ts'
import { publicationHandlers } from './publication.ts'
import { queryHandlers } from './query.ts'
import { renameHandlers } from './rename/rename.ts'
import { roleHandlers } from './role.ts'
import { routineHandlers } from './routine.ts'
import { ruleHandlers } from './rule.ts'
import { schemaHandlers } from './schema.ts'
import { sequenceHandlers } from './sequence.ts'
import { sessionHandlers } from './session.ts'
import { statisticsHandlers } from './statistics.ts'
import { subscriptionHandlers } from './subscription.ts'
import { alterTableHandlers } from './table/alter-table.ts'
import { createTableHandlers } from './table/create-table.ts'
import { triggerHandlers } from './trigger.ts'
import { truncateHandlers } from './truncate.ts'
import { typeHandlers } from './type.ts'
import { viewHandlers } from './view.ts'

/** Every statement kind of the grammar has a handler: leaving one out does not compile. */
export const handlers: Handlers = {
  ...alterTableHandlers,
  ...createTableHandlers,
  ...indexHandlers,
  ...sessionHandlers,
  ...copyHandlers,
  ...createTableAsHandlers,
  ...lockTableHandlers,
  ...maintenanceHandlers,
  ...materializedViewHandlers,
  ...queryHandlers,
  ...reindexHandlers,
  ...statisticsHandlers,
  ...truncateHandlers,
  ...viewHandlers,
  ...writeHandlers,
  ...catalogObjectHandlers,
  ...commentHandlers,
  ...databaseHandlers,
  ...domainHandlers,
  ...dropHandlers,
  ...enumHandlers,
  ...extensionHandlers,
  ...foreignDataHandlers,
  ...ownerHandlers,
  ...policyHandlers,
  ...privilegeHandlers,
  ...publicationHandlers,
  ...renameHandlers,
  ...roleHandlers,
  ...routineHandlers,
  ...ruleHandlers,
  ...schemaHandlers(() => handlers),
  ...sequenceHandlers,
  ...subscriptionHandlers,
  ...triggerHandlers,
  ...typeHandlers,
}
