/* Calls the library that has no std; its answer is the exit code. */
int qris_no_std(void);

int main(void) {
    return qris_no_std();
}
