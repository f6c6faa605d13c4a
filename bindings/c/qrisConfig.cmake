# Defines qris::qris, the shared library, and qris::static.
get_filename_component(qris_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

if(NOT TARGET qris::qris)
  add_library(qris::qris SHARED IMPORTED)
  set_target_properties(qris::qris PROPERTIES
    IMPORTED_LOCATION "${qris_prefix}/lib/libqris.so"
    INTERFACE_INCLUDE_DIRECTORIES "${qris_prefix}/include")

  add_library(qris::static STATIC IMPORTED)
  set_target_properties(qris::static PROPERTIES
    IMPORTED_LOCATION "${qris_prefix}/lib/libqris.a"
    INTERFACE_LINK_LIBRARIES "gcc_eh;util;rt;pthread;m;dl"
    INTERFACE_INCLUDE_DIRECTORIES "${qris_prefix}/include")
endif()
