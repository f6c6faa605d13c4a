<?php
// A web shop in plain PHP that sends its buyers to the till's page, and ships when the till tells it
// of the payment. It needs no extension and no library:
//
//     TILL=http://127.0.0.1:8080 TILL_TOKEN=... WEBHOOK_SECRET=whsec_... SHOP=http://127.0.0.1:3000 \
//       DATA=shop.json php -S 127.0.0.1:3000 shop_redirect.php
//
// `qris token create shop --role program` prints the token. The secret is in the answer when the
// endpoint is made, once: POST /api/endpoints {"url": "http://127.0.0.1:3000/hook"}.
const PRICE = 25578;

/** Calls the till. Returns the status, 0 if there is no answer, and the decoded JSON. */
function till(string $method, string $path, ?array $body = null): array
{
    $headers = ['Content-Type: application/json'];
    if (getenv('TILL_TOKEN')) {
        $headers[] = 'Authorization: Bearer ' . getenv('TILL_TOKEN');
    }
    $text = @file_get_contents(getenv('TILL') . $path, false, stream_context_create(['http' => [
        'method' => $method, 'header' => $headers, 'content' => $body ? json_encode($body) : '',
        'timeout' => 60, 'ignore_errors' => true, 'follow_location' => 0,
    ]]));
    $status = $text === false ? 0 : (int) explode(' ', $http_response_header[0])[1];
    return [$status, $text === false ? null : json_decode($text)];
}

/** Changes the shop's orders, one request at a time. A real shop uses its database. */
function change(callable $change)
{
    $file = fopen(getenv('DATA'), 'c+');
    flock($file, LOCK_EX);
    $orders = json_decode(stream_get_contents($file), true) ?? [];
    $result = $change($orders);
    rewind($file);
    ftruncate($file, 0);
    fwrite($file, json_encode($orders));
    fclose($file);
    return $result;
}

/** Whether an event is signed as Standard Webhooks says, and not older than five minutes. */
function is_signed(string $body): bool
{
    [$id, $time, $signatures] = array_map(fn ($name) => $_SERVER["HTTP_WEBHOOK_$name"] ?? '', ['ID', 'TIMESTAMP', 'SIGNATURE']);
    $key = base64_decode(substr(getenv('WEBHOOK_SECRET'), strlen('whsec_')));
    $expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$time.$body", $key, true));
    $genuine = array_filter(explode(' ', $signatures), fn ($found) => hash_equals($expected, $found));
    return $genuine && abs(time() - (int) $time) <= 300;
}

function page(string $content, int $status = 200): void
{
    http_response_code($status);
    header('Content-Type: text/html; charset=utf-8');
    echo '<!doctype html><html lang="id"><meta charset="utf-8"><title>Toko</title>', $content;
}

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$is_post = $_SERVER['REQUEST_METHOD'] === 'POST';
if ($path === '/hook' && $is_post) {
    $body = file_get_contents('php://input');
    if (!is_signed($body)) {
        http_response_code(400);
        exit;
    }
    $event = json_decode($body);
    // The same event may come twice, and `order.paid_late` may follow `order.cancelled`. The provider
    // has no refund: somebody must send back what is to be refunded.
    change(function (&$orders) use ($event) {
        if (!isset($orders[$event->data->number])) {
            return;
        }
        $order = &$orders[$event->data->number];
        if (in_array($event->type, ['order.paid', 'order.paid_late']) && !$order['paid_at']) {
            $order['paid_at'] = $event->data->paid_at;
            $order['shipped'] += $order['cancelled'] ? 0 : 1;
        } elseif ($event->type === 'order.cancelled') {
            $order['cancelled'] = true;
        } elseif ($event->type === 'order.overpaid') {
            $order['overpaid'] = $event->data->overpaid;
        }
    });
    http_response_code(204);
} elseif ($path === '/buy' && $is_post) {
    // Random: anybody who knows the address of an order can see the order.
    $number = 'WEB-' . strtoupper(bin2hex(random_bytes(8)));
    change(function (&$orders) use ($number) {
        $orders[$number] = ['paid_at' => null, 'shipped' => 0, 'cancelled' => false, 'overpaid' => 0];
    });
    // Without a code: the payer's page requests it once the payer is there.
    [$status, $order] = till('POST', '/api/orders', [
        'number' => $number, 'amount' => PRICE, 'channel' => 'ecommerce', 'description' => 'Kopi',
        'return_url' => getenv('SHOP') . "/order/$number", 'code' => false,
    ]);
    if ($status === 201) {
        header("Location: $order->pay_url", true, 303);
    } else {
        page('<p>Pembayaran belum bisa dilakukan. Coba lagi sebentar lagi.</p>', 502);
    }
} elseif (preg_match('~^/order/(WEB-[0-9A-F]{16})$~', $path, $found) && $mine = change(fn (&$orders) => $orders[$found[1]] ?? null)) {
    if (!$mine['paid_at']) {
        $state = $mine['cancelled'] ? 'dibatalkan' : 'menunggu pembayaran';
        page("<p>Pesanan $found[1]: <b id=\"state\">$state</b></p>");
    } else {
        // The RRN may come after the payment, with the provider's webhook.
        [, $order] = till('GET', "/api/orders/$found[1]");
        $to_refund = $mine['overpaid'] + ($mine['cancelled'] ? PRICE : 0);
        $receipt = array_map(fn ($text) => htmlspecialchars($text ?? '-'), [$order->method ?? null, $order->rrn ?? null]);
        page("<p>Pesanan $found[1]: <b id=\"state\">LUNAS</b></p><p>Metode: $receipt[0]</p><p>RRN: $receipt[1]</p>"
            . ($to_refund ? "<p>Rp$to_refund akan kami kembalikan.</p>" : ''));
    }
} elseif ($path === '/') {
    page('<form method="post" action="/buy"><button>Beli kopi, Rp25.578</button></form>');
} else {
    http_response_code(404);
}
