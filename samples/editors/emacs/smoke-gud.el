;;; smoke-gud.el --- opens a sample in gud and goes up the stack  -*- lexical-binding: t -*-

;;; Commentary:
;; Run by smoke.sh, as: emacs --batch -l smoke-gud.el
;; WASMGDB names the program, SAMPLES the folder with the samples.

;;; Code:

(require 'gud)

(defun smoke-wait (what predicate)
  "Wait until PREDICATE holds; fail after a minute and name WHAT."
  (let ((end (+ (float-time) 60)) value)
    (while (not (setq value (funcall predicate)))
      (when (> (float-time) end)
        (message "FAILED: %s\n%s" what (with-current-buffer gud-comint-buffer (buffer-string)))
        (kill-emacs 1))
      (accept-process-output nil 0.05))
    value))

(defun smoke-place ()
  "Where the arrow of gud is: file, line, text; nil before there is one."
  (when (and (markerp gud-overlay-arrow-position) (marker-buffer gud-overlay-arrow-position))
    (with-current-buffer (marker-buffer gud-overlay-arrow-position)
      (save-excursion
        (goto-char gud-overlay-arrow-position)
        (list (file-name-nondirectory buffer-file-name) (line-number-at-pos)
              (string-trim (buffer-substring (line-beginning-position) (line-end-position))))))))

(defun smoke-type (line answer)
  "Type LINE into the debugger, and wait for the line that matches ANSWER."
  (with-current-buffer gud-comint-buffer
    (goto-char (point-max))
    (let ((start (point)))
      (insert line)
      (comint-send-input)
      (smoke-wait line (lambda ()
                         (save-excursion
                           (goto-char start)
                           (when (re-search-forward answer nil t) (match-string 0))))))))

(let ((samples (getenv "SAMPLES")))
  (gud-gdb (format "%s --fullname %s %s" (getenv "WASMGDB")
                   (expand-file-name "c_list/module.O0.wasm" samples)
                   (expand-file-name "c_list/core.O0" samples))))
(let ((place (smoke-wait "no place was shown" #'smoke-place)))
  (message "stopped in split at %s:%d: %s" (nth 0 place) (nth 1 place) (nth 2 place)))
(message "%s" (smoke-type "info args" "^count.* = 0$"))
;; The keys of gud send gdb's commands, and the arrow follows.
(with-current-buffer gud-comint-buffer (gud-up 1))
(smoke-wait "the arrow did not go up" (lambda () (equal (nth 1 (smoke-place)) 78)))
(with-current-buffer gud-comint-buffer (gud-down 1))
(smoke-wait "the arrow did not go down" (lambda () (equal (nth 1 (smoke-place)) 71)))
(with-current-buffer gud-comint-buffer
  (when (string-search "\032" (buffer-string))
    (message "FAILED: a mark is left in the text:\n%s" (buffer-string))
    (kill-emacs 1)))
(message "%s" (smoke-type "print count" "\\$[0-9]+ = 0$\\|^count.* = 0$"))
(message "PASSED")
(set-process-query-on-exit-flag (get-buffer-process gud-comint-buffer) nil)
(kill-emacs 0)

;;; smoke-gud.el ends here
