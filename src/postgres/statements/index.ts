import { alterTableHandlers } from './alter-table.ts'
import { copyHandlers } from './copy.ts'
import { createTableHandlers } from './create-table.ts'
import { createTableAsHandlers } from './create-table-as.ts'
import type { Handlers } from './handler.ts'
import { indexHandlers } from './index-build.ts'
import { lockTableHandlers } from './lock-table.ts'
import { maintenanceHandlers } from './maintenance.ts'
import { materializedViewHandlers } from './materialized-view.ts'
import { queryHandlers } from './query.ts'
import { reindexHandlers } from './reindex.ts'
import { sessionHandlers } from './session.ts'
import { statisticsHandlers } from './statistics.ts'
import { truncateHandlers } from './truncate.ts'
import { viewHandlers } from './view.ts'
import { writeHandlers } from './write.ts'

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
} as unknown as Handlers
