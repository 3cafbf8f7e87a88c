#!/usr/bin/env bash
# build.sh CAFFE [PROGRAM.cpp ...]
#
# Builds programs against the Caffe 1.0 that Maven Central has, for Linux on x86-64: without further arguments the two
# beside this script. CAFFE is the folder where org.bytedeco's jars caffe, hdf5 and openblas are unpacked
# (docs/importing.md of Mocha4J has the commands); the programs go to CAFFE/bin. Needs g++ and the headers of Boost.
set -euo pipefail

die() { echo "build.sh: $*" >&2; exit 1; }

[ $# -ge 1 ] || { echo "usage: build.sh CAFFE [PROGRAM.cpp ...]" >&2; exit 2; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
caffe=$(cd "$1" && pwd) || die "there is no folder $1"
shift
[ $# -gt 0 ] || set -- "$here/dump_network_hdf5.cpp" "$here/dump_mean_file.cpp"
jars=$caffe/org/bytedeco
libraries=(caffe/linux-x86_64/libcaffe.so.1.0.0 hdf5/linux-x86_64/libhdf5.so.200 hdf5/linux-x86_64/libhdf5_hl.so.200
  openblas/linux-x86_64/libopenblas.so.0 openblas/linux-x86_64/libgfortran.so.5 openblas/linux-x86_64/libquadmath.so.0)
mkdir -p "$caffe/bin" "$caffe/lib"
for library in "${libraries[@]}"; do
  [ -e "$jars/$library" ] || die "$jars has no $library; unpack the jar of org.bytedeco there"
  ln -sf "$jars/$library" "$caffe/lib/"
done
command -v g++ > /dev/null || die "no g++ found; install it"
echo '#include <boost/shared_ptr.hpp>' | g++ -x c++ -fsyntax-only - 2> /dev/null ||
  die "no headers of Boost found; on Debian they are in libboost-dev"

# libcaffe names OpenCV, to read images and databases. Nothing here does, and its functions are looked up when they are
# called, so empty libraries stand in for 28 MB and for the GTK 2 that its windows need.
for name in core highgui imgproc imgcodecs; do
  library=libopencv_$name.so.406
  [ -e "$caffe/lib/$library" ] || g++ -shared -Wl,-soname,$library -o "$caffe/lib/$library" -x c++ /dev/null
done

includes=()
for jar in caffe hdf5 openblas; do
  includes+=(-isystem "$jars/$jar/linux-x86_64/include")
done
for source in "$@"; do
  name=$(basename "$source" .cpp)
  # libcaffe was built with the library of C++ as it was before C++ 11. The old kind of path serves the libraries, too.
  g++ -std=c++11 -O1 -D_GLIBCXX_USE_CXX11_ABI=0 -DCPU_ONLY "${includes[@]}" -o "$caffe/bin/$name.new" "$source" \
    "$caffe/lib/libcaffe.so.1.0.0" "$caffe/lib/libhdf5_hl.so.200" "$caffe/lib/libhdf5.so.200" \
    -Wl,--allow-shlib-undefined -Wl,--disable-new-dtags,-rpath,"$caffe/lib"
  mv "$caffe/bin/$name.new" "$caffe/bin/$name"
done
