;;; smoke-dape.el --- opens a sample in dape and stops at the trapping line  -*- lexical-binding: t -*-

;;; Commentary:
;; Run by smoke.sh, as: emacs --batch -l smoke-dape.el
;; WASMGDB names the program, SAMPLES the folder with the samples.

;;; Code:

(require 'dape)
(require 'cl-lib)
(load (expand-file-name "wasmgdb-dape.el" (file-name-directory (or load-file-name buffer-file-name))))

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
    (dape-request (dape--live-connection 'stopped) command arguments
                  (lambda (body failure) (setq answer (or failure body))))
    (smoke-wait command (lambda () answer))))

(let* ((samples (getenv "SAMPLES"))
       (source (expand-file-name "c_list/workshop.c" samples)))
  (find-file source)
  ;; What the configuration asks for is given here.
  (dape (append (list 'command (getenv "WASMGDB")
                      :program (expand-file-name "c_list/module.O0.wasm" samples)
                      :coreFile (expand-file-name "c_list/core.O0" samples))
                (alist-get 'wasm-coredump dape-configs)))
  (smoke-wait "the program did not stop" (lambda () (dape--live-connection 'stopped t)))
  (let* ((frame (smoke-wait "there is no frame" (lambda () (dape--current-stack-frame (dape--live-connection 'stopped t)))))
         (name (plist-get frame :name)))
    (smoke-wait "the source was not shown"
                (lambda () (with-current-buffer (get-file-buffer source)
                             (= (line-number-at-pos) (plist-get frame :line)))))
    (with-current-buffer (get-file-buffer source)
      (message "stopped in %s at %s:%d: %s" name (file-name-nondirectory buffer-file-name) (line-number-at-pos)
               (string-trim (buffer-substring (line-beginning-position) (line-end-position)))))
    (let* ((scopes (plist-get (smoke-ask :scopes (list :frameId (plist-get frame :id))) :scopes))
           (arguments (cl-find "Arguments" scopes :key (lambda (scope) (plist-get scope :name)) :test #'equal))
           (answer (smoke-ask :variables (list :variablesReference (plist-get arguments :variablesReference)))))
      (cl-loop for variable across (vconcat (plist-get answer :variables))
               do (message "%s = %s" (plist-get variable :name) (plist-get variable :value))))))
;; The adapter says good-bye before Emacs goes.
(let ((connection (dape--live-connection 'stopped)) gone)
  (dape-kill connection (lambda (&rest _) (setq gone t)))
  (smoke-wait "the session did not end" (lambda () (and gone (not (jsonrpc-running-p connection))))))
(message "PASSED")
(kill-emacs 0)

;;; smoke-dape.el ends here
