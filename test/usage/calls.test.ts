import { describe, expect, test } from 'vitest'
import { column, said } from './kit/said.ts'

const order = 'class Order < ApplicationRecord\nend\n'
const region = column('orders', 'shipping_region')

/** What a line of a class says that names `Order` as well. */
function inController(line: string): string {
  const text = `class OrdersController\n  before_action { Order }\n  def show\n    ${line}\n  end\nend\n`
  return (
    said(region, { 'app/models/order.rb': order, 'app/controllers/orders_controller.rb': text }).split(' ')[0] ?? ''
  )
}

describe('a column of Active Record in a call', () => {
  test.each([
    'Order.where(shipping_region: "north")',
    'Order.joins(:user).where.not(shipping_region: nil)',
    'Order\n      .joins(:user)\n      .where(shipping_region: nil)',
    'Order.order :shipping_region',
    'current_user.orders.where(shipping_region: nil)',
    'User.joins(:orders).where(orders: { shipping_region: nil })',
    'params.require(:order).permit(:id, :shipping_region)',
    '@order.update!(\n      id: 1,\n      shipping_region: "north")',
    '@order.shipping_region',
  ])('is used: %s', line => expect(inController(line)).toBe('used'))

  test.each([
    'Parcel.where(shipping_region: "north")',
    'Parcel.find_by(name: params[:shipping_region])',
    'User.joins(:parcels).where(parcels: { shipping_region: nil })',
    'Parcel.where(user: User.all, order: orders).index_by(&:shipping_region)',
    'current_user.parcels.where(shipping_region: nil)',
    'Parcel.order :shipping_region',
    'params.require(:parcel).permit(:id, :shipping_region)',
  ])('may be that of another table: %s', line => expect(inController(line)).toBe('unknown'))
})

describe('a column in the file of its model', () => {
  const model = (line: string) => said(region, { 'app/models/order.rb': order.replace('end', `  ${line}\nend`) })

  test.each([
    'validates :shipping_region, presence: true',
    'validates :user, uniqueness: { scope: :shipping_region }',
    'scope :northern, -> { where(shipping_region: "north") }',
    'scope :northern, -> { where(:shipping_region => "north") }',
    'scope :named, lambda { |id| where("id = ?", id).order(:shipping_region) }',
    'default_scope { order shipping_region: :asc }',
    'scope :northern, -> { joins(:user).where.not(shipping_region: nil) }',
    'def self.northern = where(:shipping_region => "north").first',
    'def self.northern = unscoped.where(shipping_region: "north")',
  ])('is used: %s', line => expect(model(line)).toBe('used app/models/order.rb:2'))

  test.each([
    'def parcels = Parcel.where(id: 1, user: users).index_by(&:shipping_region)',
    'def parcels = User.joins(:parcels).where(parcels: { shipping_region: nil })',
    'def parcels = Parcel.where(shipping_region: nil)',
  ])('may be that of another table: %s', line => expect(model(line)).toBe('unknown'))
})

describe('Eloquent', () => {
  test.each(['$casts', '$fillable', '$hidden'])('lists columns in %s, over several lines', list => {
    const text = `<?php\nclass Order extends BaseModel {\n  protected ${list} = [\n    'id' => 'string',\n    'shipping_region' => 'string',\n  ];\n}\n`
    expect(said(region, { 'app/Models/Order.php': text })).toBe('used app/Models/Order.php:5')
  })

  test('lists columns in casts()', () => {
    const text = `<?php\nclass Order extends Model {\n  protected function casts(): array {\n    return [\n      'shipping_region' => 'string',\n    ];\n  }\n}\n`
    expect(said(region, { 'app/Models/Order.php': text })).toBe('used app/Models/Order.php:5')
  })

  test('has values in $appends that are not columns', () => {
    const text = `<?php\nclass Order extends Model {\n  protected $appends = [\n    'shipping_region',\n  ];\n}\n`
    expect(said(region, { 'app/Models/Order.php': text })).toBe('unknown')
  })
})
