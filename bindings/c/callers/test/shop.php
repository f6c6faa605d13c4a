<?php
// shop.php BASE_URL PAYLOAD DATABASE PICTURE: most of the library, against a sandbox where somebody pays.
require __DIR__ . '/../qris.php';

[, $baseUrl, $payloadText, $database, $picture] = $argv;
$qris = qris();
$error = qris_struct('qris_error');
$written = $qris->new('size_t');

function check(int $status): void
{
    global $error;
    if ($status !== QRIS_STATUS_OK) {
        echo "status $status: ", FFI::string($error->code), ': ', FFI::string($error->message), "\n";
        exit(1);
    }
}

function value(FFI\CData $payload, string $path): string
{
    $value = qris_struct('qris_str');
    $status = qris()->qris_get(FFI::addr($payload), $path, FFI::addr($value));
    return $status === QRIS_STATUS_OK ? qris_string($value) : "status $status";
}

// A payload: the merchant, findings in Indonesian, a copy with an amount, a picture.
$text = qris_text($payloadText);
$length = strlen($payloadText);
$payload = qris_struct('qris_payload');
check($qris->qris_parse($text, $length, FFI::addr($payload), FFI::addr($error)));
echo 'merchant ', value($payload, '59'), "\n", 'reference ', value($payload, '62.05'), "\n";
$verdict = $qris->new('qris_verdict');
$damaged = substr($payloadText, 0, -2) . '00';
check($qris->qris_inspect($damaged, $length, QRIS_RULES_QRIS | QRIS_LANG_ID, function ($user, $finding) {
    echo 'finding ', FFI::string($finding->code), ': ', FFI::string($finding->message), "\n";
}, null, FFI::addr($verdict)));
echo 'verdict ', $verdict->cdata, "\n";

[$amount, $reference] = [qris_text('25578'), qris_text('INV-1')];
$options = qris_struct('qris_dynamic_options');
qris_set($options->amount, $amount);
qris_set($options->reference_label, $reference);
$dynamic = $qris->new('char[512]');
check($qris->qris_to_dynamic($text, $length, FFI::addr($options), $dynamic, 512, FFI::addr($written), FFI::addr($error)));
check($qris->qris_parse($dynamic, $written->cdata, FFI::addr($payload), FFI::addr($error)));
echo 'amount ', value($payload, '54'), "\n", 'reference ', value($payload, '62.05'), "\n";

$png = '';
check($qris->qris_draw($dynamic, $written->cdata, QRIS_FORMAT_PNG, function ($user, $bytes, $len) use (&$png) {
    $png .= FFI::string($bytes, $len);
    return 0;
}, null, FFI::addr($error)));
file_put_contents($picture, $png);

// An invoice.
$texts = array_map('qris_text', ['sandbox-key', '123456', $baseUrl, $database, 'INV-2']);
$client = qris_struct('qris_client_options');
foreach (['api_key', 'merchant_id', 'base_url'] as $number => $field) {
    qris_set($client->$field, $texts[$number]);
}
$client->try_gap_seconds = $client->check_gap_seconds = 1;
$client->budget_place = QRIS_BUDGET_PLACE_MEMORY;
$handle = $qris->new('qris_client *');
check($qris->qris_client_new(FFI::addr($client), FFI::addr($handle), FFI::addr($error)));
$invoice = qris_struct('qris_invoice');
$payment = qris_struct('qris_payment');
check($qris->qris_create_invoice($handle, 'INV-1', 25578, FFI::addr($invoice), FFI::addr($error)));
echo 'invoice ', FFI::string($invoice->number), ' ', $invoice->rupiah, "\n";
$checks = 0;
$wait = qris_struct('qris_wait_options');
$wait->on_check = function ($user, $check) use (&$checks) {
    $checks++;
    return QRIS_WAIT_STEP_CONTINUE;
};
check($qris->qris_wait_for_payment($handle, FFI::addr($invoice), FFI::addr($wait), FFI::addr($payment), FFI::addr($error)));
echo 'checked ', $checks > 0 ? 'yes' : 'no', ', state ', $payment->state, FFI::string($payment->method) === '' ? ', no method' : ', a method', "\n";
check($qris->qris_check_invoice($handle, FFI::addr($invoice), FFI::addr($payment), FFI::addr($error)));
echo 'checked again, state ', $payment->state, "\n";
$qris->qris_client_free($handle);
echo 'freed, status ', $qris->qris_check_invoice($handle, FFI::addr($invoice), FFI::addr($payment), null), "\n";

// An order. Orders keep the budget of the key in a file.
$client->budget_place = QRIS_BUDGET_PLACE_UNSPECIFIED;
$open = qris_struct('qris_orders_options');
$open->client = FFI::addr($client);
qris_set($open->database, $texts[3]);
$orders = $qris->new('qris_orders *');
check($qris->qris_orders_open(FFI::addr($open), FFI::addr($orders), FFI::addr($error)));
$new = qris_struct('qris_new_order');
qris_set($new->number, $texts[4]);
$new->rupiah = 125000;
$order = qris_struct('qris_order');
check($qris->qris_orders_charge($orders, FFI::addr($new), FFI::addr($order), FFI::addr($error)));
echo 'order ', FFI::string($order->number), ' ', $order->rupiah, ', may be shown ', $order->may_be_shown, "\n";
$end = time() + 60;
$paid = false;
while (!$paid && time() < $end) {
    check($qris->qris_orders_poll($orders, 500, function ($user, $event) use (&$paid) {
        echo 'event ', $event->event, ' of ', FFI::string($event->number), "\n";
        $paid = $paid || $event->event === QRIS_EVENT_TYPE_PAID;
        return 0;
    }, null, FFI::addr($error)));
}
check($qris->qris_orders_get($orders, 'INV-2', FFI::addr($order), FFI::addr($error)));
echo 'state ', $order->state, FFI::string($order->method) === '' ? ', no method' : ', a method', "\n";
$list = $qris->new('qris_order[2]');
$list[0]->size = FFI::sizeof($order);
check($qris->qris_orders_unacknowledged($orders, $list, 2, FFI::addr($written), FFI::addr($error)));
echo 'to hand out ', $written->cdata, ': ', FFI::string($list[0]->number), "\n";
$first = $qris->new('int32_t');
check($qris->qris_orders_acknowledge($orders, 'INV-2', FFI::addr($first), FFI::addr($error)));
check($qris->qris_orders_unacknowledged($orders, $list, 2, FFI::addr($written), FFI::addr($error)));
echo 'acknowledged ', $first->cdata, ', to hand out ', $written->cdata, "\n";
$qris->qris_orders_close($orders);
echo 'closed, status ', $qris->qris_orders_get($orders, 'INV-2', FFI::addr($order), null), "\n";
