// qris.h for C++17: exceptions instead of statuses, and nothing to free by hand.
//
// Everything here is inline and calls qris.h: its comments apply. Objects are as thread-safe as
// standard library objects; several threads may use one Client at the same time.
#ifndef QRIS_HPP
#define QRIS_HPP

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "qris.h"

namespace qris {

// A failure of a function of qris.h.
class Error : public std::runtime_error {
public:
  explicit Error(const qris_error &error)
    : std::runtime_error(error.message), status_(error.status), offset_(error.offset),
      retry_after_(error.retry_after_seconds), path_(error.path), code_(error.code)
  {
  }

  qris_status status() const noexcept { return status_; }
  // The byte at which the text is wrong.
  std::uint32_t offset() const noexcept { return offset_; }
  // The path of the wrong or missing object, such as "62.05". Empty if it is about no object.
  const std::string &path() const noexcept { return path_; }
  // The time to wait, as in `retry_after_seconds` of a qris_error; otherwise 0.
  std::chrono::seconds retry_after() const noexcept { return retry_after_; }
  // The stable word, such as "amount-zero".
  const std::string &code() const noexcept { return code_; }

private:
  qris_status status_;
  std::uint32_t offset_;
  std::chrono::seconds retry_after_;
  std::string path_;
  std::string code_;
};

namespace detail {

inline void check(qris_status status, const qris_error &error)
{
  if (status != QRIS_STATUS_OK) {
    throw Error(error);
  }
}

} // namespace detail

// A text as a qris_str. It must live as long as the struct that uses it.
inline qris_str text(std::string_view text) noexcept
{
  return {text.data(), text.size()};
}

// A struct of zeros with its size set, for the caller to fill in.
template <typename Options>
Options options() noexcept
{
  Options options{};
  options.size = sizeof options;
  return options;
}

// A payload that has been read, with its text. Copies share the text.
class Payload {
public:
  // Throws Error if qris_parse refuses the text.
  explicit Payload(std::string text) : text_(std::make_shared<const std::string>(std::move(text)))
  {
    qris_error error{};
    detail::check(qris_parse(text_->data(), text_->size(), &payload_, &error), error);
  }

  const std::string &str() const noexcept { return *text_; }

  // The value at a path such as "62.05". It is valid as long as a copy of this payload lives.
  std::optional<std::string_view> get(const char *path) const
  {
    qris_str value{};
    qris_error error{};
    error.status = qris_get(&payload_, path, &value);
    if (error.status == QRIS_STATUS_ABSENT) {
      return std::nullopt;
    }
    if (error.status != QRIS_STATUS_OK) {
      throw std::invalid_argument(qris_status_message(error.status));
    }
    return std::string_view(value.ptr, value.len);
  }

private:
  std::shared_ptr<const std::string> text_;
  qris_payload payload_{};
};

// Checks any text against the rules. `on_finding`, if set, is called for each finding. `rules` may
// be or'ed with QRIS_LANG_ID.
inline qris_verdict inspect(std::string_view text, std::int32_t rules = QRIS_RULES_QRIS,
                            const std::function<void(const qris_finding &)> &on_finding = nullptr)
{
  struct Context {
    const std::function<void(const qris_finding &)> &on_finding;
    std::exception_ptr thrown;
  } context{on_finding, nullptr};
  // No exception may pass through C.
  const qris_finding_callback callback = [](void *user, const qris_finding *finding) {
    Context &context = *static_cast<Context *>(user);
    try {
      if (context.on_finding && !context.thrown) {
        context.on_finding(*finding);
      }
    } catch (...) {
      context.thrown = std::current_exception();
    }
  };
  qris_verdict verdict{};
  const qris_status status =
    qris_inspect(text.data() ? text.data() : "", text.size(), rules, callback, &context, &verdict);
  if (context.thrown) {
    std::rethrow_exception(context.thrown);
  }
  if (status != QRIS_STATUS_OK) {
    throw std::invalid_argument(qris_status_message(status));
  }
  return verdict;
}

// A new payload from these fields.
inline std::string encode(const qris_fields &fields)
{
  qris_error error{};
  std::size_t written = 0;
  std::string payload;
  qris_status status = qris_encode(&fields, nullptr, 0, &written, &error);
  if (status == QRIS_STATUS_BUFFER_TOO_SMALL) {
    payload.resize(written);
    status = qris_encode(&fields, payload.data(), payload.size(), &written, &error);
  }
  detail::check(status, error);
  return payload;
}

// The dynamic copy of a payload.
inline std::string to_dynamic(std::string_view text, const qris_dynamic_options &options)
{
  const char *const start = text.data() ? text.data() : "";
  qris_error error{};
  std::size_t written = 0;
  std::string payload;
  qris_status status =
    qris_to_dynamic(start, text.size(), &options, nullptr, 0, &written, &error);
  if (status == QRIS_STATUS_BUFFER_TOO_SMALL) {
    payload.resize(written);
    status = qris_to_dynamic(start, text.size(), &options, payload.data(), payload.size(), &written,
                             &error);
  }
  detail::check(status, error);
  return payload;
}

// The static copy of a payload.
inline std::string to_static(std::string_view text)
{
  const char *const start = text.data() ? text.data() : "";
  qris_error error{};
  std::size_t written = 0;
  std::string payload;
  qris_status status = qris_to_static(start, text.size(), nullptr, 0, &written, &error);
  if (status == QRIS_STATUS_BUFFER_TOO_SMALL) {
    payload.resize(written);
    status =
      qris_to_static(start, text.size(), payload.data(), payload.size(), &written, &error);
  }
  detail::check(status, error);
  return payload;
}

// A copy of any text that is safe to show to others.
inline std::string anonymize(std::string_view text)
{
  const char *const start = text.data() ? text.data() : "";
  qris_error error{};
  std::string copy(text.size(), '\0');
  std::size_t written = 0;
  detail::check(
    qris_anonymize(start, text.size(), copy.data(), copy.size(), &written, nullptr, &error), error);
  copy.resize(written);
  return copy;
}

// The content of a webhook. It is only a hint: check the invoice.
inline qris_webhook read_webhook(std::string_view body)
{
  qris_webhook webhook{};
  qris_error error{};
  detail::check(
    qris_read_webhook(body.data() ? body.data() : "", body.size(), &webhook, &error), error);
  return webhook;
}

// The texts of the QR symbols in a PNG, JPEG, WebP or BMP file.
inline std::vector<std::string> read_image(std::string_view file)
{
  struct Context {
    std::vector<std::string> texts;
    std::exception_ptr thrown;
  } context;
  // No exception may pass through C.
  const qris_symbol_callback callback = [](void *user, const qris_symbol *symbol) {
    Context &context = *static_cast<Context *>(user);
    try {
      context.texts.emplace_back(symbol->text.ptr, symbol->text.len);
    } catch (...) {
      context.thrown = std::current_exception();
    }
  };
  qris_error error{};
  const qris_status status =
    qris_read_image(reinterpret_cast<const std::uint8_t *>(file.data() ? file.data() : ""),
                    file.size(), callback, &context, &error);
  if (context.thrown) {
    std::rethrow_exception(context.thrown);
  }
  detail::check(status, error);
  return context.texts;
}

// Draws a payload with options, such as a poster, and returns the content of the file. If `omitted` is
// not NULL, it is set to the number of lines of words that are left out of the picture.
inline std::string draw(std::string_view text, const qris_draw_options &options,
                        std::size_t *omitted = nullptr)
{
  std::string picture;
  // append may throw, and no exception may pass through C.
  const qris_writer writer = [](void *user, const std::uint8_t *bytes, std::size_t len) {
    try {
      static_cast<std::string *>(user)->append(reinterpret_cast<const char *>(bytes), len);
      return 0;
    } catch (...) {
      return 1;
    }
  };
  qris_error error{};
  const char *const start = text.data() ? text.data() : "";
  detail::check(
    qris_draw_with(start, text.size(), &options, writer, &picture, omitted, &error), error);
  return picture;
}

// Draws a payload without options.
inline std::string draw(std::string_view text, qris_format format)
{
  qris_draw_options options = qris::options<qris_draw_options>();
  options.format = format;
  return draw(text, options);
}

// A client of the Open API.
class Client {
public:
  explicit Client(const qris_client_options &options)
  {
    qris_client *client = nullptr;
    qris_error error{};
    detail::check(qris_client_new(&options, &client, &error), error);
    client_.reset(client);
  }

  // After an Error with QRIS_STATUS_OUTCOME_UNKNOWN, do not simply call it again.
  qris_invoice create_invoice(const std::string &number, std::uint64_t rupiah)
  {
    qris_invoice invoice{};
    qris_error error{};
    detail::check(
      qris_create_invoice(client_.get(), number.c_str(), rupiah, &invoice, &error), error);
    return invoice;
  }

  qris_payment check_invoice(const qris_invoice &invoice)
  {
    qris_payment payment{};
    qris_error error{};
    detail::check(qris_check_invoice(client_.get(), &invoice, &payment, &error), error);
    return payment;
  }

  // `on_check`, if set, is called after each check, and `on_second` about once a second, both on
  // this thread. Both return how to continue.
  qris_payment wait_for_payment(
    const qris_invoice &invoice,
    const std::function<qris_wait_step(const qris_check &)> &on_check = nullptr,
    const std::function<qris_wait_step()> &on_second = nullptr)
  {
    struct Context {
      const std::function<qris_wait_step(const qris_check &)> &on_check;
      const std::function<qris_wait_step()> &on_second;
      std::exception_ptr thrown;
    } context{on_check, on_second, nullptr};
    auto options = qris::options<qris_wait_options>();
    options.user = &context;
    if (on_check) {
      // No exception may pass through C.
      options.on_check = [](void *user, const qris_check *check) -> int {
        Context &context = *static_cast<Context *>(user);
        try {
          return context.on_check(*check);
        } catch (...) {
          context.thrown = std::current_exception();
          return QRIS_WAIT_STEP_CANCEL;
        }
      };
    }
    if (on_second) {
      options.on_second = [](void *user) -> int {
        Context &context = *static_cast<Context *>(user);
        try {
          return context.on_second();
        } catch (...) {
          context.thrown = std::current_exception();
          return QRIS_WAIT_STEP_CANCEL;
        }
      };
    }
    qris_payment payment{};
    qris_error error{};
    const qris_status status =
      qris_wait_for_payment(client_.get(), &invoice, &options, &payment, &error);
    if (context.thrown) {
      std::rethrow_exception(context.thrown);
    }
    detail::check(status, error);
    return payment;
  }

private:
  struct Free {
    void operator()(qris_client *client) const noexcept { qris_client_free(client); }
  };

  std::unique_ptr<qris_client, Free> client_;
};

// Orders in a database. Work is done only while a thread is in a function of it: call poll from a
// timer or in a loop.
class Orders {
public:
  explicit Orders(const qris_orders_options &options)
  {
    qris_orders *orders = nullptr;
    qris_error error{};
    detail::check(qris_orders_open(&options, &orders, &error), error);
    orders_.reset(orders);
  }

  // With the same number and amount again, it returns the existing order.
  qris_order charge(const qris_new_order &asked)
  {
    return step([&](qris_order *order, qris_error *error) {
      return qris_orders_charge(orders_.get(), &asked, order, error);
    });
  }

  qris_order renew(const std::string &number)
  {
    return step([&](qris_order *order, qris_error *error) {
      return qris_orders_renew(orders_.get(), number.c_str(), order, error);
    });
  }

  // Requests a check, for a cashier's button. The check is made in poll.
  qris_order check(const std::string &number)
  {
    return step([&](qris_order *order, qris_error *error) {
      return qris_orders_check(orders_.get(), number.c_str(), order, error);
    });
  }

  qris_order cancel(const std::string &number)
  {
    return step([&](qris_order *order, qris_error *error) {
      return qris_orders_cancel(orders_.get(), number.c_str(), order, error);
    });
  }

  // A person found the provider's invoice of an unknown order.
  qris_order resolve(const std::string &number, std::uint64_t qris_invoiceid)
  {
    return step([&](qris_order *order, qris_error *error) {
      return qris_orders_resolve(orders_.get(), number.c_str(), qris_invoiceid, "", order, error);
    });
  }

  // A person found out that the provider made no code.
  qris_order resolve_not_made(const std::string &number, const std::string &reason)
  {
    return step([&](qris_order *order, qris_error *error) {
      return qris_orders_resolve(orders_.get(), number.c_str(), 0, reason.c_str(), order, error);
    });
  }

  // Empty if there is no order with this number.
  std::optional<qris_order> get(const std::string &number)
  {
    return step_if_any([&](qris_order *order, qris_error *error) {
      return qris_orders_get(orders_.get(), number.c_str(), order, error);
    });
  }

  // Stores the body of a webhook. Empty if it matches no order in the database; it is then kept.
  std::optional<qris_order> webhook(std::string_view body)
  {
    return step_if_any([&](qris_order *order, qris_error *error) {
      return qris_orders_webhook(orders_.get(), body.data() ? body.data() : "", body.size(), order,
                                 error);
    });
  }

  // Records that a paid order is done. False if that was recorded before.
  bool acknowledge(const std::string &number)
  {
    std::int32_t first = 0;
    qris_error error{};
    detail::check(qris_orders_acknowledge(orders_.get(), number.c_str(), &first, &error), error);
    return first != 0;
  }

  // The newest orders, or the newest that match a filter: with `filter->state` set to
  // QRIS_ORDER_STATE_UNFINISHED the orders that are not ended.
  std::vector<qris_order> list(std::size_t limit, const qris_order_filter *filter = nullptr)
  {
    return read_list<qris_order>(limit, [&](qris_order *list, std::size_t *count, qris_error *error) {
      return qris_orders_list(orders_.get(), filter, list, limit, count, error);
    });
  }

  // The oldest paid orders that are not acknowledged.
  std::vector<qris_order> unacknowledged(std::size_t limit)
  {
    return read_list<qris_order>(limit, [&](qris_order *list, std::size_t *count, qris_error *error) {
      return qris_orders_unacknowledged(orders_.get(), list, limit, count, error);
    });
  }

  // The codes of an order, the oldest first, each with its payment; at most `limit`.
  std::vector<qris_order_code> codes(const std::string &number, std::size_t limit = 100)
  {
    return read_list<qris_order_code>(
      limit, [&](qris_order_code *list, std::size_t *count, qris_error *error) {
        return qris_orders_codes(orders_.get(), number.c_str(), list, limit, count, error);
      });
  }

  // Does the work that is due. `on_event`, if set, is called for each event on this thread. If it
  // throws, the same event comes again.
  void poll(std::chrono::milliseconds limit,
            const std::function<void(const qris_order_event &)> &on_event = nullptr)
  {
    struct Context {
      const std::function<void(const qris_order_event &)> &on_event;
      std::exception_ptr thrown;
    } context{on_event, nullptr};
    // No exception may pass through C.
    const qris_event_callback callback = [](void *user, const qris_order_event *event) -> int {
      Context &context = *static_cast<Context *>(user);
      try {
        context.on_event(*event);
        return 0;
      } catch (...) {
        context.thrown = std::current_exception();
        return 1;
      }
    };
    const auto most = std::chrono::milliseconds(UINT32_MAX);
    const auto time = std::clamp(limit, std::chrono::milliseconds(0), most);
    qris_error error{};
    const qris_status status =
      qris_orders_poll(orders_.get(), static_cast<std::uint32_t>(time.count()),
                       on_event ? callback : nullptr, &context, &error);
    if (context.thrown) {
      std::rethrow_exception(context.thrown);
    }
    detail::check(status, error);
  }

  // Store it, and pass it as `events_after` when you open the orders again.
  std::uint64_t cursor() const
  {
    std::uint64_t cursor = 0;
    qris_error error{};
    detail::check(qris_orders_cursor(orders_.get(), &cursor, &error), error);
    return cursor;
  }

private:
  struct Close {
    void operator()(qris_orders *orders) const noexcept { qris_orders_close(orders); }
  };

  template <typename Call>
  static qris_order step(const Call &call)
  {
    auto order = options<qris_order>();
    qris_error error{};
    detail::check(call(&order, &error), error);
    return order;
  }

  template <typename Call>
  static std::optional<qris_order> step_if_any(const Call &call)
  {
    auto order = options<qris_order>();
    qris_error error{};
    const qris_status status = call(&order, &error);
    if (status == QRIS_STATUS_ABSENT) {
      return std::nullopt;
    }
    detail::check(status, error);
    return order;
  }

  template <typename Item, typename Call>
  static std::vector<Item> read_list(std::size_t limit, const Call &call)
  {
    // One more than the limit, so that there is a first one with the size even for limit 0.
    std::vector<Item> list(limit + 1, options<Item>());
    qris_error error{};
    std::size_t count = 0;
    detail::check(call(list.data(), &count, &error), error);
    list.resize(count);
    return list;
  }

  std::unique_ptr<qris_orders, Close> orders_;
};

} // namespace qris

#endif // QRIS_HPP
