import type { Field } from './field.ts'
import { lastOf } from './kept.ts'

/** The fields of django.contrib.gis, by class, with the names of their types (geom_type). */
const geometries: ReadonlyMap<string, string> = new Map([
  ['GeometryField', 'GEOMETRY'],
  ['PointField', 'POINT'],
  ['LineStringField', 'LINESTRING'],
  ['PolygonField', 'POLYGON'],
  ['MultiPointField', 'MULTIPOINT'],
  ['MultiLineStringField', 'MULTILINESTRING'],
  ['MultiPolygonField', 'MULTIPOLYGON'],
  ['GeometryCollectionField', 'GEOMETRYCOLLECTION'],
  ['RasterField', 'RASTER'],
])

/** True for a field of PostGIS, which has an index of its own kind unless it says otherwise. */
export function isSpatial({ path }: Pick<Field, 'path'>): boolean {
  return path.startsWith('django.contrib.gis.') && geometries.has(lastOf(path))
}

/** PostGISOperations.geo_db_type; null: its arguments are not known. */
export function spatialType(field: Field): string | null {
  const name = geometries.get(lastOf(field.path)) ?? ''
  if (name === 'RASTER') return 'raster'
  const [srid, dim] = [field.get('srid') ?? 4326, field.get('dim') ?? 2]
  const geography = field.get('geography') ?? false
  if (typeof srid !== 'number' || typeof dim !== 'number' || typeof geography !== 'boolean') return null
  return `${geography ? 'geography' : 'geometry'}(${name}${dim === 3 ? 'Z' : ''},${srid})`
}

/** BaseSpatialField.spatial_index: indexed by default. Null: unknown. */
export function hasSpatialIndex(field: Field): boolean | null {
  if (!isSpatial(field)) return false
  const said = field.get('spatial_index') ?? true
  return typeof said === 'boolean' ? said : null
}

/** PostGISSchemaEditor._create_spatial_index_sql: what is indexed, and by which operators. */
export function spatialColumn(field: Field, column: string): string {
  if (lastOf(field.path) === 'RasterField') return `ST_ConvexHull(${column})`
  const isDeep = field.get('dim') === 3 && field.get('geography') !== true
  return isDeep ? `${column} GIST_GEOMETRY_OPS_ND` : column
}
