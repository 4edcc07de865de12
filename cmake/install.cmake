# `cmake --install`: programs, libraries, public headers, and the package that
# find_package(muster CONFIG) reads.
