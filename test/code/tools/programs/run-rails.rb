# Runs migrations with the Active Record of Debian's packages on a server: {port, cases: [body of `change`, …]} on standard input. Prints, for
# each case, {up: [sql] | null, down: [sql] | null}; null where Rails or PostgreSQL refuses it.
require 'json'
require 'logger'
require 'active_record'

given = JSON.parse($stdin.read)
ActiveRecord::Migration.verbose = false
ActiveRecord::Base.establish_connection(
  adapter: 'postgresql', host: '127.0.0.1', port: given['port'], username: 'postgres', password: 'none', database: given['database']
)
connection = ActiveRecord::Base.connection
log = []
ActiveSupport::Notifications.subscribe('sql.active_record') do |*, payload|
  log << payload[:sql] unless payload[:name] == 'SCHEMA' || payload[:name] == 'TRANSACTION'
end

run = lambda do |migration, direction|
  log.clear
  begin
    ActiveRecord::Base.transaction { migration.exec_migration(connection, direction) }
    log.dup
  rescue StandardError, NotImplementedError => error
    warn "#{error.class} #{error.message[0, 200]}" if ARGV.include?('--why')
    nil
  end
end

version = "#{ActiveRecord::VERSION::MAJOR}.#{ActiveRecord::VERSION::MINOR}".to_f
found = given['cases'].map do |bodies|
  connection.execute('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
  connection.schema_cache.clear!
  refused = false
  bodies.map do |body|
    next { up: nil, down: nil } if refused
    # An object for each way: what a migration is asked to revert is remembered by the object.
    migration = -> { Class.new(ActiveRecord::Migration[version]) { class_eval("def change\n#{body}\nend") }.new('m', 1) }
    up = run.call(migration.call, :up)
    down = up && run.call(migration.call, :down)
    # It is there for those that come after it.
    refused = up.nil? || (down && run.call(migration.call, :up).nil?)
    { up: up, down: down }
  end
end
puts JSON.generate(found)
