{ shop BASE_URL PAYLOAD DATABASE PICTURE: most of the library, against a sandbox where somebody pays. }
program shop;
{$IFDEF FPC}{$MODE DELPHI}{$ENDIF}
{$APPTYPE CONSOLE}
uses
  SysUtils, Classes, qris;

var
  Error: TQrisError;
  Client: TQrisClientOptions;
  BaseUrl, PayloadText, Database: AnsiString;
  Checks: Integer;
  IsPaid: Boolean;

procedure Check(Status: Int32);
begin
  if Status = QRIS_STATUS_OK then
    Exit;
  WriteLn('status ', Status, ': ', PAnsiChar(@Error.code), ': ', PAnsiChar(@Error.message));
  Halt(1);
end;

function Value(var Payload: TQrisPayload; Path: PAnsiChar): AnsiString;
var
  Found: TQrisStr;
  Status: Int32;
begin
  Status := qris_get(@Payload, Path, @Found);
  if Status = QRIS_STATUS_OK then
    Result := qris_string(Found)
  else
    Result := AnsiString('status ' + IntToStr(Status));
end;

function Method(Text: PAnsiChar): AnsiString;
begin
  if Text^ = #0 then
    Result := 'no method'
  else
    Result := 'a method';
end;

procedure OnFinding(User: Pointer; Finding: PQrisFinding); cdecl;
begin
  WriteLn('finding ', Finding^.code, ': ', Finding^.message);
end;

function OnBytes(User: Pointer; Bytes: PByte; Len: NativeUInt): Int32; cdecl;
begin
  TStream(User).WriteBuffer(Bytes^, Len);
  Result := 0;
end;

function OnCheck(User: Pointer; Made: PQrisCheck): Int32; cdecl;
begin
  Inc(Checks);
  Result := QRIS_WAIT_STEP_CONTINUE;
end;

function OnEvent(User: Pointer; Event: PQrisOrderEvent): Int32; cdecl;
begin
  WriteLn('event ', Event^.event, ' of ', PAnsiChar(@Event^.number));
  if Event^.event = QRIS_EVENT_TYPE_PAID then
    IsPaid := True;
  Result := 0;
end;

{ A payload: the merchant, findings in Indonesian, a copy with an amount, a picture. }
procedure Payloads;
var
  Payload: TQrisPayload;
  Damaged: AnsiString;
  Verdict: Int32;
  Options: TQrisDynamicOptions;
  Buffer: array[0..511] of AnsiChar;
  Written: NativeUInt;
  Picture: TFileStream;
begin
  Check(qris_parse(PAnsiChar(PayloadText), Length(PayloadText), @Payload, @Error));
  WriteLn('merchant ', Value(Payload, '59'));
  WriteLn('reference ', Value(Payload, '62.05'));

  Damaged := Copy(PayloadText, 1, Length(PayloadText) - 2) + '00';
  Check(qris_inspect(PAnsiChar(Damaged), Length(Damaged), QRIS_RULES_QRIS or QRIS_LANG_ID, OnFinding, nil, @Verdict));
  WriteLn('verdict ', Verdict);

  FillChar(Options, SizeOf(Options), 0);
  Options.size := SizeOf(Options);
  Options.amount := qris_text('25578');
  Options.reference_label := qris_text('INV-1');
  Check(qris_to_dynamic(PAnsiChar(PayloadText), Length(PayloadText), @Options, Buffer, SizeOf(Buffer), @Written, @Error));
  Check(qris_parse(Buffer, Written, @Payload, @Error));
  WriteLn('amount ', Value(Payload, '54'));
  WriteLn('reference ', Value(Payload, '62.05'));

  Picture := TFileStream.Create(ParamStr(4), fmCreate);
  try
    Check(qris_draw(Buffer, Written, QRIS_FORMAT_PNG, OnBytes, Picture, @Error));
  finally
    Picture.Free;
  end;
end;

procedure Invoices;
var
  Handle: Pointer;
  Invoice: TQrisInvoice;
  Payment: TQrisPayment;
  Wait: TQrisWaitOptions;
begin
  Check(qris_client_new(@Client, @Handle, @Error));
  Check(qris_create_invoice(Handle, 'INV-1', 25578, @Invoice, @Error));
  WriteLn('invoice ', PAnsiChar(@Invoice.number), ' ', Invoice.rupiah);
  FillChar(Wait, SizeOf(Wait), 0);
  Wait.size := SizeOf(Wait);
  Wait.on_check := OnCheck;
  Check(qris_wait_for_payment(Handle, @Invoice, @Wait, @Payment, @Error));
  if Checks > 0 then
    Write('checked yes')
  else
    Write('checked no');
  WriteLn(', state ', Payment.state, ', ', Method(@Payment.method));
  Check(qris_check_invoice(Handle, @Invoice, @Payment, @Error));
  WriteLn('checked again, state ', Payment.state);
  qris_client_free(Handle);
  WriteLn('freed, status ', qris_check_invoice(Handle, @Invoice, @Payment, nil));
end;

procedure Orders;
var
  Open: TQrisOrdersOptions;
  Handle: Pointer;
  Asked: TQrisNewOrder;
  Order: TQrisOrder;
  List: array[0..1] of TQrisOrder;
  Finish: TDateTime;
  Count: NativeUInt;
  First: Int32;
begin
  FillChar(Open, SizeOf(Open), 0);
  Open.size := SizeOf(Open);
  Open.client := @Client;
  Open.database := qris_text(PAnsiChar(Database));
  Check(qris_orders_open(@Open, @Handle, @Error));

  FillChar(Asked, SizeOf(Asked), 0);
  Asked.size := SizeOf(Asked);
  Asked.number := qris_text('INV-2');
  Asked.rupiah := 125000;
  Order.size := SizeOf(Order);
  Check(qris_orders_charge(Handle, @Asked, @Order, @Error));
  WriteLn('order ', PAnsiChar(@Order.number), ' ', Order.rupiah, ', may be shown ', Order.may_be_shown);

  Finish := Now + 60 / SecsPerDay;
  while not IsPaid and (Now < Finish) do
    Check(qris_orders_poll(Handle, 500, OnEvent, nil, @Error));
  Check(qris_orders_get(Handle, 'INV-2', @Order, @Error));
  WriteLn('state ', Order.state, ', ', Method(@Order.method));

  List[0].size := SizeOf(Order);
  Check(qris_orders_unacknowledged(Handle, @List, 2, @Count, @Error));
  WriteLn('to hand out ', Count, ': ', PAnsiChar(@List[0].number));
  Check(qris_orders_acknowledge(Handle, 'INV-2', @First, @Error));
  Check(qris_orders_unacknowledged(Handle, @List, 2, @Count, @Error));
  WriteLn('acknowledged ', First, ', to hand out ', Count);
  qris_orders_close(Handle);
  WriteLn('closed, status ', qris_orders_get(Handle, 'INV-2', @Order, nil));
end;

begin
  BaseUrl := AnsiString(ParamStr(1));
  PayloadText := AnsiString(ParamStr(2));
  Database := AnsiString(ParamStr(3));
  Payloads;
  FillChar(Client, SizeOf(Client), 0);
  Client.size := SizeOf(Client);
  Client.api_key := qris_text('sandbox-key');
  Client.merchant_id := qris_text('123456');
  Client.base_url := qris_text(PAnsiChar(BaseUrl));
  Client.try_gap_seconds := 1;
  Client.check_gap_seconds := 1;
  Client.budget_place := QRIS_BUDGET_PLACE_MEMORY;
  Invoices;
  { Orders keep the budget of the key in a file. }
  Client.budget_place := QRIS_BUDGET_PLACE_UNSPECIFIED;
  Orders;
end.
