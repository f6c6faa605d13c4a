// take_payment.c in C++17: the same program through qris.hpp.
//
//   take_payment NUMBER RUPIAH
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>

#include "qris.hpp"

namespace {

// How long the QR is shown. A payment that was already started may still come later.
#ifndef SHOWN_SECONDS
#define SHOWN_SECONDS 1800
#endif

// Reads 1 to 12 digits and nothing else: std::stoull alone would accept the 250 of "250.000".
std::uint64_t read_rupiah(const std::string &text)
{
  if (text.empty() || text.size() > 12 ||
      text.find_first_not_of("0123456789") != std::string::npos) {
    throw std::invalid_argument("expected whole rupiah as digits alone, such as 250000");
  }
  return std::stoull(text);
}

void write(const char *name, const std::string &picture)
{
  std::ofstream file(name, std::ios::binary);
  file << picture;
  if (!file.flush()) {
    throw std::runtime_error(std::string(name) + " cannot be written");
  }
}

int take(qris::Client &client, const std::string &number, std::uint64_t rupiah)
{
  qris_invoice invoice;
  try {
    invoice = client.create_invoice(number, rupiah);
  } catch (const qris::Error &error) {
    if (error.status() == QRIS_STATUS_REJECTED || error.status() == QRIS_STATUS_UNREACHABLE ||
        error.status() == QRIS_STATUS_VALUE_REFUSED) {
      std::cerr << error.what() << '\n';
      return 1; // no invoice was created
    }
    throw;
  }
  // From here on somebody can pay, so print the number first.
  std::cout << "invoice " << invoice.qris_invoiceid << std::endl;
  write("qr.svg", qris::draw(invoice.qris_content, QRIS_FORMAT_SVG));
  write("qr.escpos", qris::draw(invoice.qris_content, QRIS_FORMAT_ESCPOS_MM58));
  const qris::Payload payload(invoice.qris_content);
  std::cout << "to be paid to " << payload.get("59").value_or("?") << " until "
            << invoice.shown_until << std::endl;

  const auto on_check = [](const qris_check &check) {
    if (check.error) {
      std::cout << "check " << check.number << ": " << check.error->message << std::endl;
    } else if (check.payment->state == QRIS_PAYMENT_STATE_UNPAID) {
      std::cout << "check " << check.number << ": not paid yet" << std::endl;
    }
    return QRIS_WAIT_STEP_CONTINUE;
  };
  // A till shows a countdown here.
  const auto on_second = [seconds_left = SHOWN_SECONDS]() mutable {
    if (seconds_left > 0 && --seconds_left == 0) {
      std::remove("qr.svg");
      std::cout << "qr.svg is removed: the time to pay is over" << std::endl;
    }
    return QRIS_WAIT_STEP_CONTINUE;
  };
  const qris_payment payment = client.wait_for_payment(invoice, on_check, on_second);
  if (payment.state != QRIS_PAYMENT_STATE_PAID) {
    std::cout << "not paid\n";
    return 1;
  }
  std::cout << invoice.number << "  Rp" << invoice.rupiah << "\nNMID " << invoice.qris_nmid
            << "\npaid by " << payment.customer_name << " with " << payment.method << '\n';
  return 0;
}

} // namespace

int main(int argc, char **argv)
{
  const char *key = std::getenv("QRIS_API_KEY");
  const char *merchant = std::getenv("QRIS_MERCHANT_ID");
  if (argc != 3 || !key || !merchant) {
    std::cerr << "usage: QRIS_API_KEY=... QRIS_MERCHANT_ID=... take_payment NUMBER RUPIAH\n";
    return 2;
  }
  // Before the provider is asked nothing can have happened. After that a person must look.
  int failed = 2;
  try {
    const std::uint64_t rupiah = read_rupiah(argv[2]);
    auto options = qris::options<qris_client_options>();
    options.api_key = qris_text(key);
    options.merchant_id = qris_text(merchant);
    options.base_url = qris_text(std::getenv("QRIS_BASE_URL"));
    options.shown_seconds = SHOWN_SECONDS;
    qris::Client client(options);
    failed = 3;
    return take(client, argv[1], rupiah);
  } catch (const std::exception &error) {
    std::cerr << error.what() << '\n';
    return failed;
  }
}
