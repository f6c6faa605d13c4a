<?php // Receives the till's events: php -S 127.0.0.1:3000 receiver.php. WEBHOOK_SECRET has the secret.
$key = base64_decode(substr(getenv('WEBHOOK_SECRET'), strlen('whsec_')));
$body = file_get_contents('php://input');
[$id, $time, $signatures] = array_map(fn ($name) => $_SERVER["HTTP_WEBHOOK_$name"] ?? '', ['ID', 'TIMESTAMP', 'SIGNATURE']);
$expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$time.$body", $key, true));
$genuine = array_filter(explode(' ', $signatures), fn ($found) => hash_equals($expected, $found));
if (!$genuine || abs(time() - (int) $time) > 300) {
    http_response_code(400);
    exit;
}
$event = json_decode($body);
// The same event may come twice: a shop looks in its database whether it has had $id.
file_put_contents(getenv('RECEIVED'), "$event->type {$event->data->number} {$event->data->amount}\n", FILE_APPEND);
http_response_code(204);
