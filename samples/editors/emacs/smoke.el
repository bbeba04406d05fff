;;; smoke.el --- opens a sample in dap-mode and stops at the trapping line  -*- lexical-binding: t -*-

;;; Commentary:
;; Run by smoke.sh, as: emacs --batch -l smoke.el
;; WASMGDB names the program, SAMPLES the folder with the samples.

;;; Code:

(require 'dap-mode)
(load (expand-file-name "wasmgdb-dap.el" (file-name-directory (or load-file-name buffer-file-name))))

(defvar smoke-frame nil "The frame that Emacs went to.")
(add-hook 'dap-stack-frame-changed-hook
          (lambda (session) (setq smoke-frame (dap--debug-session-active-frame session))))

(defun smoke-wait (what predicate)
  "Wait until PREDICATE holds; fail after a minute and name WHAT."
  (let ((end (+ (float-time) 60)) value)
    (while (not (setq value (funcall predicate)))
      (when (> (float-time) end)
        (message "FAILED: %s" what)
        (kill-emacs 1))
      (accept-process-output nil 0.05))
    value))

(defun smoke-ask (command arguments)
  "Send COMMAND with ARGUMENTS and wait for the body of the answer."
  (let (answer)
    (dap--send-message (dap--make-request command arguments)
                       (lambda (response) (setq answer response))
                       (dap--cur-session))
    (gethash "body" (smoke-wait command (lambda () answer)))))

(setq wasmgdb-dap-program (getenv "WASMGDB"))
(let ((samples (getenv "SAMPLES")))
  (dap-debug (list :type "wasmgdb" :request "attach" :name "sample"
                   :program (expand-file-name "c_list/module.O0.wasm" samples)
                   :coreFile (expand-file-name "c_list/core.O0" samples)))
  (smoke-wait "no frame was shown" (lambda () smoke-frame))
  (smoke-wait "the source was not visited" (lambda () (get-file-buffer (expand-file-name "c_list/workshop.c" samples)))))

(with-current-buffer (get-file-buffer (expand-file-name "c_list/workshop.c" (getenv "SAMPLES")))
  (message "stopped in %s at %s:%d: %s" (gethash "name" smoke-frame)
           (file-name-nondirectory buffer-file-name) (line-number-at-pos)
           (string-trim (buffer-substring (line-beginning-position) (line-end-position)))))

(let* ((scopes (gethash "scopes" (smoke-ask "scopes" (list :frameId (gethash "id" smoke-frame)))))
       (arguments (seq-find (lambda (scope) (equal (gethash "name" scope) "Arguments")) scopes))
       (reference (gethash "variablesReference" arguments))
       (variables (gethash "variables" (smoke-ask "variables" (list :variablesReference reference)))))
  (seq-do (lambda (variable)
            (message "%s = %s" (gethash "name" variable) (gethash "value" variable)))
          variables))
(message "PASSED")
(kill-emacs 0)

;;; smoke.el ends here
