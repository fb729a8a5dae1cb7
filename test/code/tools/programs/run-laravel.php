<?php
// Runs migrations with the Laravel of Debian's packages, without a server (`pretend`): {"cases": [statements of `up`, …]} on standard
// input. Prints, for each case, the statements; null where Laravel refuses it.
error_reporting(E_ERROR | E_PARSE);
require '/usr/share/php/Illuminate/autoload.php';

use Illuminate\Container\Container;
use Illuminate\Database\Capsule\Manager;
use Illuminate\Support\Facades\Facade;

$app = new Container();
Container::setInstance($app);
$manager = new Manager($app);
$manager->addConnection(['driver' => 'pgsql', 'host' => '127.0.0.1', 'port' => 1, 'database' => 'x', 'username' => 'x', 'password' => '', 'charset' => 'utf8', 'prefix' => '', 'schema' => 'public']);
$manager->setAsGlobal();
$connection = $manager->getConnection();
$app->instance('db', $manager->getDatabaseManager());
Facade::setFacadeApplication($app);

$found = [];
foreach (json_decode(stream_get_contents(STDIN), true)['cases'] as $code) {
    try {
        $queries = $connection->pretend(function () use ($code) {
            eval("use Illuminate\\Database\\Schema\\Blueprint; use Illuminate\\Support\\Facades\\{DB, Schema}; $code");
        });
        $found[] = array_map(fn ($query) => $query['query'], $queries);
    } catch (\Throwable $error) {
        if (in_array('--why', $argv)) fwrite(STDERR, get_class($error) . ': ' . $error->getMessage() . "\n");
        $found[] = null;
    }
}
echo json_encode($found);
