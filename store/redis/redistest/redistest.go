// Package redistest starts real Redis servers for tests: child processes in
// temporary folders, killed when the test ends.
package redistest

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

// Durable are the settings under which every acknowledged write is on disk.
var Durable = []string{"--appendonly", "yes", "--appendfsync", "always"}

// Server is a running redis-server. Its methods fail the test on any error.
type Server struct {
	// URL is its address as redis.Open takes it.
	URL string

	t       testing.TB
	folder  string
	flags   []string
	process *exec.Cmd
}

// Start starts a server on a unix socket with further command line settings,
// and without persistence unless they ask for it. It skips the test where no
// redis-server is installed.
func Start(t testing.TB, settings ...string) *Server {
	t.Helper()
	s := newServer(t)
	socket := filepath.Join(s.folder, "redis.sock")
	s.URL = "unix://" + socket
	s.flags = append([]string{"--port", "0", "--unixsocket", socket}, settings...)
	s.Restart()
	return s
}

// StartCluster starts a cluster of one node that holds every slot: it refuses
// commands and transactions whose keys lie in two of them, as any cluster does.
func StartCluster(t testing.TB) *Server {
	t.Helper()
	s := newServer(t)
	port := freePort(t)
	s.URL = fmt.Sprintf("redis://127.0.0.1:%d?addr=127.0.0.1:%d", port, port)
	s.flags = []string{"--bind", "127.0.0.1", "--port", fmt.Sprint(port), "--cluster-enabled", "yes"}
	s.Restart()
	client := goredis.NewClient(s.options())
	defer client.Close()
	if err := client.ClusterAddSlotsRange(t.Context(), 0, 16383).Err(); err != nil {
		t.Fatalf("give the node all slots: %v", err)
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if strings.Contains(client.ClusterInfo(t.Context()).Val(), "cluster_state:ok") {
			return s
		}
		if time.Now().After(deadline) {
			t.Fatalf("the cluster does not come up:\n%s", s.log())
		}
	}
}

// newServer makes a server's folder, short enough for a socket's path.
func newServer(t testing.TB) *Server {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Skip("redis-server is not installed: nothing of Redis is tested here")
	}
	folder, err := os.MkdirTemp("", "redis")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t, folder: folder}
	t.Cleanup(func() {
		s.Kill()
		os.RemoveAll(folder)
	})
	return s
}

// freePort is a port that nobody listens on, nor on that of the cluster bus,
// 10,000 above: both below those that systems hand out.
func freePort(t testing.TB) int {
	t.Helper()
	for port := 11_000 + os.Getpid()%10_000; port < 22_000; port++ {
		if isFree(port) && isFree(port+10_000) {
			return port
		}
	}
	t.Fatal("no free port")
	return 0
}

func isFree(port int) bool {
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err == nil {
		listener.Close()
	}
	return err == nil
}

// Kill ends the server at once, as a power cut would end its process. A server
// that has ended already is left alone.
func (s *Server) Kill() {
	if s.process != nil {
		s.process.Process.Kill()
		s.process.Wait()
		s.process = nil
	}
}

// CutTransaction kills the server and cuts its append-only file in the last
// transaction, within the first command of a name: as a kill does that meets the
// server writing it.
func (s *Server) CutTransaction(command string) {
	s.t.Helper()
	s.Kill()
	names, err := filepath.Glob(filepath.Join(s.folder, "appendonlydir", "*.incr.aof"))
	if err != nil || len(names) != 1 {
		s.t.Fatalf("the append-only files are %q (%v), want one", names, err)
	}
	data, err := os.ReadFile(names[0])
	if err != nil {
		s.t.Fatal(err)
	}
	begin := bytes.LastIndex(data, []byte("\r\nMULTI\r\n"))
	within := bytes.Index(data[max(begin, 0):], []byte(command))
	if begin < 0 || within < 0 {
		s.t.Fatalf("the last transaction has no %s", command)
	}
	if err := os.Truncate(names[0], int64(begin+within+len(command)/2)); err != nil {
		s.t.Fatal(err)
	}
}

// Repair kills the server and takes what it wrote half of its last transaction
// out of its append-only file, as redis-check-aof does.
func (s *Server) Repair() {
	s.t.Helper()
	s.Kill()
	check := exec.Command("redis-check-aof", "--fix", "appendonly.aof.manifest")
	check.Dir, check.Stdin = filepath.Join(s.folder, "appendonlydir"), strings.NewReader("y\n")
	if told, err := check.CombinedOutput(); err != nil {
		s.t.Fatalf("redis-check-aof: %v:\n%s", err, told)
	}
}

// Restart starts the server again on the same folder and address, after
// killing it if it runs, and returns when it has read its data.
func (s *Server) Restart() {
	s.t.Helper()
	s.Kill()
	flags := append([]string{"--dir", s.folder, "--logfile", "redis.log", "--save", ""}, s.flags...)
	s.process = exec.Command("redis-server", flags...)
	if err := s.process.Start(); err != nil {
		s.t.Fatalf("start redis-server: %v", err)
	}
	for deadline := time.Now().Add(time.Minute); !s.answers(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("redis-server does not answer:\n%s", s.log())
		}
	}
}

// answers reports whether the server takes commands: not yet when it cannot be
// reached, nor while it reads its data.
func (s *Server) answers() bool {
	options := s.options()
	conn, err := net.DialTimeout(options.Network, options.Addr, time.Second)
	if err != nil {
		return false
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(time.Second))
	if _, err := conn.Write([]byte("PING\r\n")); err != nil {
		return false
	}
	reply, err := bufio.NewReader(conn).ReadString('\n')
	return err == nil && reply == "+PONG\r\n"
}

// Size is how many keys the server holds, of all partitions.
func (s *Server) Size() int64 {
	s.t.Helper()
	client := goredis.NewClient(s.options())
	defer client.Close()
	size, err := client.DBSize(context.Background()).Result()
	if err != nil {
		s.t.Fatal(err)
	}
	return size
}

// options is the address of the one node.
func (s *Server) options() *goredis.Options {
	s.t.Helper()
	address, _, _ := strings.Cut(s.URL, "?")
	options, err := goredis.ParseURL(address)
	if err != nil {
		s.t.Fatal(err)
	}
	return options
}

// log is what the server wrote.
func (s *Server) log() string {
	text, _ := os.ReadFile(filepath.Join(s.folder, "redis.log"))
	return string(text)
}
