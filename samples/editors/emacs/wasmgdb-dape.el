;;; wasmgdb-dape.el --- wasm coredumps in dape  -*- lexical-binding: t -*-

;;; Commentary:
;; Put this into your configuration, then: M-x dape RET wasm-coredump RET.
;; It asks for the module and the dump.

;;; Code:

(require 'dape)

(add-to-list 'dape-configs
             `(wasm-coredump
               modes (c-mode c-ts-mode c++-mode c++-ts-mode rust-mode rust-ts-mode zig-mode)
               command "wasmgdb"
               command-args ("dap")
               :type "wasmgdb"
               :request "attach"
               :program ,(lambda () (expand-file-name (read-file-name "Module: ")))
               :coreFile ,(lambda () (expand-file-name (read-file-name "Coredump: ")))))

(provide 'wasmgdb-dape)
;;; wasmgdb-dape.el ends here
