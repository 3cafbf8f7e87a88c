/* Libraries of CUDA that are asked a few questions and compute nothing. -DDRIVER, -DNVRTC, -DCUBLAS or -DCUDNN. */
#ifdef DRIVER
int cuInit(unsigned flags) { return 0; }
int cuDriverGetVersion(int *version) { *version = 12060; return 0; }
int cuGetErrorName(int result, const char **text) { *text = result == 2 ? "CUDA_ERROR_OUT_OF_MEMORY" : "other"; return 0; }
int cuGetErrorString(int result, const char **text) { *text = result == 2 ? "out of memory" : "other"; return 0; }
int cuDeviceGetCount(int *count) { *count = 1; return 0; }
int cuDeviceGet(int *device, int number) { *device = number; return 0; }
int cuDeviceGetName(char *name, int length, int device) {
    const char *text = "Stand-in";
    for (int i = 0; i < length && (name[i] = text[i]); i++) { }
    return 0;
}
int cuDevicePrimaryCtxRetain(void **context, int device) { return 2; }
#endif
#ifdef NVRTC
int nvrtcVersion(int *major, int *minor) { *major = 12; *minor = 6; return 0; }
#endif
#ifdef CUBLAS
int cublasGetProperty(int part, int *value) { *value = part == 0 ? 12 : part == 1 ? 6 : 4; return 0; }
#endif
#ifdef CUDNN
unsigned long cudnnGetVersion(void) { return 90501; }
unsigned long cudnnGetCudartVersion(void) { return 12060; }
#endif
