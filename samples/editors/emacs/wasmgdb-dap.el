;;; wasmgdb-dap.el --- wasm coredumps in dap-mode  -*- lexical-binding: t -*-

;;; Commentary:
;; Put this into your configuration, then: M-x dap-debug RET "wasm coredump" RET.

;;; Code:

(require 'dap-mode)

(defvar wasmgdb-dap-program "wasmgdb"
  "The debugger; with a path if it is not in a directory of PATH.")

(dap-register-debug-provider
 "wasmgdb"
 (lambda (configuration)
   (plist-put configuration :dap-server-path (list wasmgdb-dap-program "dap"))))

(dap-register-debug-template
 "wasm coredump"
 (list :type "wasmgdb"
       :request "attach"
       :name "wasm coredump"
       :program "${workspaceFolder}/program.wasm"
       :coreFile "${workspaceFolder}/coredump"))

(provide 'wasmgdb-dap)
;;; wasmgdb-dap.el ends here
