//! The payload functions of the library allocate nothing.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::ptr;

use qris::{
    qris_account, qris_anonymize, qris_cursor, qris_dynamic_options, qris_encode, qris_fields,
    qris_finding, qris_get, qris_hint, qris_hints, qris_inspect, qris_next, qris_object,
    qris_parse, qris_payload, qris_status, qris_str, qris_to_dynamic, qris_to_static, qris_verdict,
};

thread_local! {
    static COUNTED: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: the system's allocator does the work; counting does not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNTED.set(COUNTED.get() + 1);
        // SAFETY: the caller promises the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: the caller promises the same.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[track_caller]
fn allocates_nothing(what: &str, call: impl FnOnce()) {
    let before = COUNTED.get();
    call();
    assert_eq!(COUNTED.get(), before, "{what} allocates");
}

const TEXT: &str = "00020101021126620014COM.GO-JEK.WWW011993600914366400175750210M6640017570303UMI514\
                    40014ID.CO.QRIS.WWW0215ID10200384314890303UMI5204581253033605802ID5911TOKO \
                    CONTOH6007JAKARTA61051011062070703A01630466DC";

fn text(text: &'static str) -> qris_str {
    qris_str { ptr: text.as_ptr().cast(), len: text.len() }
}

unsafe extern "C" fn note(user: *mut c_void, finding: *const qris_finding) {
    // SAFETY: the test passes a count, and the library a finding.
    unsafe { *user.cast::<usize>() += usize::from(!finding.is_null()) };
}

unsafe extern "C" fn note_hint(user: *mut c_void, hint: *const qris_hint) {
    // SAFETY: the test passes a count, and the library a hint.
    unsafe { *user.cast::<usize>() += usize::from(!hint.is_null()) };
}

#[test]
fn the_counter_counts() {
    let before = COUNTED.get();
    drop(std::hint::black_box(Box::new(1)));
    assert_eq!(COUNTED.get(), before + 1);
}

#[test]
fn reading_allocates_nothing_on_success_and_failure() {
    let mut payload = MaybeUninit::<qris_payload>::uninit();
    let mut error = MaybeUninit::uninit();
    allocates_nothing("qris_parse", || {
        // SAFETY: the text can be read, both places can be written to.
        let status = unsafe {
            qris_parse(TEXT.as_ptr().cast(), TEXT.len(), payload.as_mut_ptr(), error.as_mut_ptr())
        };
        assert_eq!(status, qris_status::Ok);
    });
    allocates_nothing("a failing qris_parse", || {
        let mut other = MaybeUninit::<qris_payload>::uninit();
        // SAFETY: the text can be read, both places can be written to.
        let status =
            unsafe { qris_parse(TEXT.as_ptr().cast(), 9, other.as_mut_ptr(), error.as_mut_ptr()) };
        assert_eq!(status, qris_status::ObjectHeaderShort);
    });
    allocates_nothing("qris_get", || {
        let mut value = MaybeUninit::<qris_str>::uninit();
        // SAFETY: the payload has been filled in, the path ends with a NUL, the value can be
        // written to.
        let status = unsafe { qris_get(payload.as_ptr(), c"51.02".as_ptr(), value.as_mut_ptr()) };
        assert_eq!(status, qris_status::Ok);
    });
    allocates_nothing("qris_next", || {
        let mut cursor = qris_cursor::default();
        let mut object = MaybeUninit::<qris_object>::uninit();
        let mut objects = 0;
        // SAFETY: the payload has been filled in, both places can be written to.
        while unsafe { qris_next(payload.as_ptr(), &raw mut cursor, object.as_mut_ptr()) }
            == qris_status::Ok
        {
            objects += 1;
        }
        assert_eq!(objects, 20);
    });
}

#[test]
fn masking_allocates_nothing() {
    let (mut buffer, mut written) = ([0_u8; 512], 0);
    allocates_nothing("qris_anonymize", || {
        // SAFETY: the text can be read, the buffer and the number can be written to; NULL asks for
        // nothing.
        let status = unsafe {
            qris_anonymize(
                TEXT.as_ptr().cast(),
                TEXT.len(),
                buffer.as_mut_ptr().cast(),
                buffer.len(),
                &raw mut written,
                ptr::null_mut(),
                ptr::null_mut(),
            )
        };
        assert_eq!((status, written), (qris_status::Ok, TEXT.len()));
    });
}

#[test]
fn inspecting_allocates_nothing() {
    let wrong = TEXT.replace("61051011062070703A01630466DC", "62070703A01630440DE");
    allocates_nothing("qris_inspect", || {
        let mut found = 0_usize;
        let mut verdict = MaybeUninit::uninit();
        // SAFETY: the text can be read, the callback takes a count, the verdict can be written to.
        let status = unsafe {
            qris_inspect(
                wrong.as_ptr().cast(),
                wrong.len(),
                0,
                Some(note),
                (&raw mut found).cast(),
                verdict.as_mut_ptr(),
            )
        };
        assert_eq!((status, found), (qris_status::Ok, 1));
        // SAFETY: written, as the status says.
        assert_eq!(unsafe { verdict.assume_init() }, qris_verdict::Warn);
    });
}

#[test]
fn hints_allocate_nothing() {
    let encoded = TEXT.replace(' ', "+");
    let mut found = 0_usize;
    allocates_nothing("qris_hints", || {
        // SAFETY: the text can be read, and the callback takes a count.
        let status = unsafe {
            qris_hints(
                encoded.as_ptr().cast(),
                encoded.len(),
                0,
                Some(note_hint),
                (&raw mut found).cast(),
            )
        };
        assert_eq!((status, found), (qris_status::Ok, 1));
    });
}

#[test]
fn writing_allocates_nothing() {
    let accounts = [qris_account {
        tag: 51,
        guid: text("ID.CO.QRIS.WWW"),
        merchant_id: text("ID1020038431489"),
        criteria: text("UMI"),
        ..qris_account::default()
    }];
    let fields = qris_fields {
        size: size_of::<qris_fields>(),
        initiation: 11,
        merchant_name: text("TOKO CONTOH"),
        merchant_city: text("JAKARTA"),
        category_code: text("5812"),
        postal_code: text("10110"),
        accounts: accounts.as_ptr(),
        accounts_len: accounts.len(),
        ..qris_fields::default()
    };
    let options = qris_dynamic_options {
        size: size_of::<qris_dynamic_options>(),
        amount: text("25000"),
        reference_label: text("INV-1"),
        ..qris_dynamic_options::default()
    };
    let mut buffer = [0_u8; 512];
    let mut written = 0_usize;
    allocates_nothing("qris_encode", || {
        // SAFETY: the fields and the room are as long as they say, `written` can be written to.
        let status = unsafe {
            qris_encode(
                &raw const fields,
                buffer.as_mut_ptr().cast(),
                buffer.len(),
                &raw mut written,
                ptr::null_mut(),
            )
        };
        assert_eq!(status, qris_status::Ok);
    });
    allocates_nothing("qris_to_dynamic", || {
        // SAFETY: the text, the options and the room are as long as they say, `written` can be
        // written to.
        let status = unsafe {
            qris_to_dynamic(
                TEXT.as_ptr().cast(),
                TEXT.len(),
                &raw const options,
                buffer.as_mut_ptr().cast(),
                buffer.len(),
                &raw mut written,
                ptr::null_mut(),
            )
        };
        assert_eq!((status, written > TEXT.len()), (qris_status::Ok, true));
    });
    allocates_nothing("qris_to_static", || {
        // SAFETY: the text and the room are as long as they say, `written` can be written to.
        let status = unsafe {
            qris_to_static(
                TEXT.as_ptr().cast(),
                TEXT.len(),
                buffer.as_mut_ptr().cast(),
                buffer.len(),
                &raw mut written,
                ptr::null_mut(),
            )
        };
        assert_eq!((status, written), (qris_status::Ok, TEXT.len()));
    });
}
