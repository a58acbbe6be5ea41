@echo off
node "%~dp0policy-analyzer.mjs" %*
