// Shop BASE_URL PAYLOAD DATABASE PICTURE: most of the library, against a sandbox where somebody pays.
using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

public static class Shop
{
    static Qris.qris_error error;

    static void Check(int status)
    {
        if (status == Qris.QRIS_STATUS_OK) { return; }
        Console.WriteLine("status {0}: {1}: {2}", status, Qris.Text(error.code), Qris.Text(error.message));
        Environment.Exit(1);
    }

    static string Value(Qris.qris_payload payload, string path)
    {
        Qris.qris_str value;
        var status = Qris.qris_get(ref payload, Qris.Bytes(path), out value);
        return status == Qris.QRIS_STATUS_OK ? Qris.Text(value) : "status " + status;
    }

    static string Method(byte[] method)
    {
        return Qris.Text(method) == "" ? "no method" : "a method";
    }

    static T Read<T>(IntPtr pointer)
    {
        return (T)Marshal.PtrToStructure(pointer, typeof(T));
    }

    // A payload: the merchant, findings in Indonesian, a copy with an amount, a picture.
    static void Payloads(string payloadText, string picture)
    {
        var text = Qris.Copy(payloadText);
        Qris.qris_payload payload;
        Check(Qris.qris_parse(text.ptr, text.len, out payload, out error));
        Console.WriteLine("merchant " + Value(payload, "59"));
        Console.WriteLine("reference " + Value(payload, "62.05"));

        Qris.qris_finding_callback tell = (user, pointer) =>
        {
            var finding = Read<Qris.qris_finding>(pointer);
            Console.WriteLine("finding {0}: {1}", Qris.Text(finding.code), Qris.Text(finding.message));
        };
        int verdict;
        var damaged = Encoding.UTF8.GetBytes(payloadText.Substring(0, payloadText.Length - 2) + "00");
        var rules = Qris.QRIS_RULES_QRIS | Qris.QRIS_LANG_ID;
        Check(Qris.qris_inspect(damaged, text.len, rules, tell, IntPtr.Zero, out verdict));
        Console.WriteLine("verdict {0}", verdict);

        var options = Qris.New<Qris.qris_dynamic_options>();
        options.amount = Qris.Copy("25578");
        options.reference_label = Qris.Copy("INV-1");
        var buffer = new byte[512];
        UIntPtr written;
        var original = Encoding.UTF8.GetBytes(payloadText);
        Check(Qris.qris_to_dynamic(original, text.len, ref options, buffer, (UIntPtr)512, out written, out error));
        Qris.Free(text);
        text = Qris.Copy(Encoding.UTF8.GetString(buffer, 0, (int)written));
        Check(Qris.qris_parse(text.ptr, text.len, out payload, out error));
        Console.WriteLine("amount " + Value(payload, "54"));
        Console.WriteLine("reference " + Value(payload, "62.05"));
        Qris.Free(text);
        Qris.Free(options.amount);
        Qris.Free(options.reference_label);

        using (var file = File.Create(picture))
        {
            Qris.qris_writer write = (user, bytes, len) =>
            {
                var part = new byte[(int)len];
                Marshal.Copy(bytes, part, 0, part.Length);
                file.Write(part, 0, part.Length);
                return 0;
            };
            Check(Qris.qris_draw(buffer, written, Qris.QRIS_FORMAT_PNG, write, IntPtr.Zero, out error));
        }
    }

    static void Invoice(Qris.qris_client_options options)
    {
        IntPtr client;
        Check(Qris.qris_client_new(ref options, out client, out error));
        Qris.qris_invoice invoice;
        Qris.qris_payment payment;
        Check(Qris.qris_create_invoice(client, Qris.Bytes("INV-1"), 25578, out invoice, out error));
        Console.WriteLine("invoice {0} {1}", Qris.Text(invoice.number), invoice.rupiah);
        var checks = 0;
        var wait = Qris.New<Qris.qris_wait_options>();
        wait.on_check = (user, check) =>
        {
            checks++;
            return Qris.QRIS_WAIT_STEP_CONTINUE;
        };
        Check(Qris.qris_wait_for_payment(client, ref invoice, ref wait, out payment, out error));
        GC.KeepAlive(wait.on_check);
        Console.WriteLine("checked {0}, state {1}, {2}", checks > 0 ? "yes" : "no", payment.state, Method(payment.method));
        Check(Qris.qris_check_invoice(client, ref invoice, out payment, out error));
        Console.WriteLine("checked again, state {0}", payment.state);
        Qris.qris_client_free(client);
        Console.WriteLine("freed, status {0}", Qris.qris_check_invoice(client, ref invoice, out payment, out error));
    }

    static void Order(Qris.qris_client_options client, string database)
    {
        var open = Qris.New<Qris.qris_orders_options>();
        open.client = Marshal.AllocHGlobal(Marshal.SizeOf(client));
        Marshal.StructureToPtr(client, open.client, false);
        open.database = Qris.Copy(database);
        IntPtr orders;
        Check(Qris.qris_orders_open(ref open, out orders, out error));
        Marshal.FreeHGlobal(open.client);
        Qris.Free(open.database);

        var number = Qris.Bytes("INV-2");
        var asked = Qris.New<Qris.qris_new_order>();
        asked.number = Qris.Copy("INV-2");
        asked.rupiah = 125000;
        var order = Qris.New<Qris.qris_order>();
        Check(Qris.qris_orders_charge(orders, ref asked, ref order, out error));
        Qris.Free(asked.number);
        Console.WriteLine("order {0} {1}, may be shown {2}", Qris.Text(order.number), order.rupiah, order.may_be_shown);

        var paid = false;
        Qris.qris_event_callback tell = (user, pointer) =>
        {
            var happened = Read<Qris.qris_order_event>(pointer);
            Console.WriteLine("event {0} of {1}", happened.@event, Qris.Text(happened.number));
            paid = paid || happened.@event == Qris.QRIS_EVENT_TYPE_PAID;
            return 0;
        };
        var end = DateTime.UtcNow.AddSeconds(60);
        while (!paid && DateTime.UtcNow < end)
        {
            Check(Qris.qris_orders_poll(orders, 500, tell, IntPtr.Zero, out error));
        }
        Check(Qris.qris_orders_get(orders, number, ref order, out error));
        Console.WriteLine("state {0}, {1}", order.state, Method(order.method));

        var size = Marshal.SizeOf(order);
        var list = Marshal.AllocHGlobal(2 * size);
        Marshal.StructureToPtr(order, list, false); // its size is what matters
        UIntPtr count;
        Check(Qris.qris_orders_unacknowledged(orders, list, (UIntPtr)2, out count, out error));
        Console.WriteLine("to hand out {0}: {1}", count, Qris.Text(Read<Qris.qris_order>(list).number));
        int first;
        Check(Qris.qris_orders_acknowledge(orders, number, out first, out error));
        Check(Qris.qris_orders_unacknowledged(orders, list, (UIntPtr)2, out count, out error));
        Console.WriteLine("acknowledged {0}, to hand out {1}", first, count);
        Marshal.FreeHGlobal(list);
        Qris.qris_orders_close(orders);
        Console.WriteLine("closed, status {0}", Qris.qris_orders_get(orders, number, ref order, out error));
    }

    public static void Main(string[] arguments)
    {
        Payloads(arguments[1], arguments[3]);
        var client = Qris.New<Qris.qris_client_options>();
        client.api_key = Qris.Copy("sandbox-key");
        client.merchant_id = Qris.Copy("123456");
        client.base_url = Qris.Copy(arguments[0]);
        client.try_gap_seconds = client.check_gap_seconds = 1;
        client.budget_place = Qris.QRIS_BUDGET_PLACE_MEMORY;
        Invoice(client);
        // Orders keep the budget of the key in a file.
        client.budget_place = Qris.QRIS_BUDGET_PLACE_UNSPECIFIED;
        Order(client, arguments[2]);
    }
}
