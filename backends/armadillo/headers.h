#pragma once

// Armadillo, told to call its BLAS as wrapper_sgemm_ and the like (blas_functions.cpp), without the hidden
// lengths of texts that OpenBLAS does not read.
#ifndef ARMA_USE_WRAPPER
#define ARMA_USE_WRAPPER
#endif
#define ARMA_DONT_USE_FORTRAN_HIDDEN_ARGS
#include <armadillo>
