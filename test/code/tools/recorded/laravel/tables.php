<?php
use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\DB;
use Illuminate\Support\Facades\Schema;
return new class extends Migration {
  public function up(): void {
    Schema::create('my_app.user-accounts', function (Blueprint $table) {
      $table->id()->from(1000);
      $table->string('email')->unique();
      $table->index(['email', 'id']);
    });
    Schema::create('a', function (Blueprint $table) {
      $table->increments('id')->startingValue(7);
      $table->string('Name', 0)->nullable()->default('it');
      $table->string('s')->default('x')->collation('de_DE')->comment('c')->unique()->index();
      $table->char('c')->nullable(false);
      $table->decimal('d', 5)->default(1.5);
      $table->decimal('d3', 5, 0)->default(0);
      $table->boolean('b')->default(true)->index('my_index');
      $table->timestamp('t1')->useCurrent()->useCurrentOnUpdate();
      $table->timestamp('t2', 3)->nullable()->useCurrent();
      $table->timestamp('t3')->default(DB::raw('now()'));
      $table->timestampTz('t4')->useCurrent();
      $table->dateTimeTz('t5', 6);
      $table->timeTz('t6', 2);
      $table->time('t7');
      $table->date('t8')->nullable();
      $table->year('y')->default(2000);
      $table->enum('e', ['a', 'b'])->nullable();
      $table->integer('i1')->unsigned()->nullable()->default(null);
      $table->smallInteger('i2', false, true)->default('5');
      $table->tinyInteger('i3')->storedAs('i2 + 1');
      $table->bigInteger('i4')->generatedAs();
      $table->bigInteger('i5')->generatedAs('start with 5')->always();
      $table->binary('bin')->nullable();
      $table->ipAddress('ip'); $table->macAddress('m');
      $table->uuid('u')->default(DB::raw('gen_random_uuid()'));
      $table->nullableMorphs('x'); $table->nullableUuidMorphs('y1'); $table->uuidMorphs('z', 'zix');
      $table->foreignId('category_id')->constrained();
      $table->foreignId('company_id')->nullable()->constrained()->nullOnDelete()->cascadeOnUpdate();
      $table->foreignId('status_id')->constrained(null, 'id')->restrictOnDelete();
      $table->foreignId('person_uid')->constrained('people', 'uid')->onDelete('no action');
      $table->foreignUuid('address_id')->references('id')->on('addresses')->onUpdate('cascade');
      $table->softDeletesTz('gone', 3); $table->softDeletes(); $table->timestampsTz(2);
      $table->rememberToken();
      $table->foreign(['a', 'b'])->references(['c', 'd'])->on('other')->onDelete('set null')->deferrable()->initiallyImmediate();
      $table->foreign('q')->references('id')->on('s.other')->notValid();
      $table->unique(['a', 'b-c']); $table->unique('a', 'named')->deferrable()->initiallyImmediate(false);
      $table->index('a', 'nm', 'gin'); $table->rawIndex('lower(a)', 'raw1'); $table->spatialIndex('geo');
      $table->primary(['a', 'b']);
      $table->fullText(['a', 'b'])->language('german');
    });
    Schema::create('k', function (Blueprint $table) { $table->uuid('id')->primary(); $table->string('n')->primary('pk_name'); });
    Schema::create('k2', function (Blueprint $table) { $table->temporary(); $table->integer('i', true); $table->integer('j')->autoIncrement(); $table->mediumIncrements('x'); $table->smallIncrements('y'); $table->tinyIncrements('z'); });
    Schema::table('a', function (Blueprint $table) {
      $table->string('n1')->after('id')->nullable();
      $table->dropColumn('x', 'y');
      $table->integer('n2')->default(3)->comment("it's");
      $table->dropColumn(['z']);
      $table->foreignId('author_id')->nullable()->after('x')->constrained('users')->cascadeOnDelete();
      $table->dropForeign(['user_id']); $table->dropForeign('fk');
      $table->dropIndex(['a', 'b']); $table->dropIndex('ix'); $table->dropUnique(['a.b']); $table->dropUnique('u');
      $table->dropPrimary(); $table->dropPrimary('custom'); $table->dropSpatialIndex(['geo']);
      $table->dropFullText(['a']);
      $table->renameIndex('a', 'b');
      $table->dropMorphs('tag', 'tag_ix'); $table->dropMorphs('tag2');
      $table->dropConstrainedForeignId('post_id'); $table->dropTimestampsTz(); $table->dropSoftDeletes('gone'); $table->dropSoftDeletesTz(); $table->dropRememberToken();
      $table->string('uu')->unique('custom_u');
      $table->string('pp')->primary();
      $table->text('tt')->fulltext();
    });
    Schema::dropIfExists('my_app.x'); Schema::drop('y'); Schema::rename('old', 'new.x'); Schema::dropColumns('t', ['a', 'b']); Schema::dropColumns('t', 'c');
    Schema::enableForeignKeyConstraints(); Schema::disableForeignKeyConstraints();
    Schema::table('my_app.y', function (Blueprint $table) { $table->dropPrimary(); $table->dropIndex(['a']); $table->index('z'); $table->rename('q'); });
    DB::statement('create extension if not exists "uuid-ossp"'); DB::unprepared("select 1; select 2");
  }
};
