exports.up = pgm => {
  pgm.noTransaction()
  pgm.createIndex('posts', 'xx', { concurrently: true })
  pgm.dropIndex('posts', 'xx', { concurrently: true })
  pgm.addTypeValue('mood', 'z')
}
exports.down = false
