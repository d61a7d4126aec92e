package storetest

import (
	"fmt"
	"slices"
	"sync"

	"valse/store"
)

var settingChecks = []check{
	{"a setting is put, replaced and deleted", settingPut},
	{"of many that initialise a setting all get the same value", settingInit},
	{"names are listed by prefix, in order", settingNames},
}

func (u *subject) putSetting(name string, value []byte) {
	u.t.Helper()
	u.ok("PutSetting", u.s.PutSetting(u.ctx, name, value))
}

func (u *subject) wantSetting(name, want string) {
	u.t.Helper()
	got, err := u.s.Setting(u.ctx, name)
	u.ok("Setting", err)
	same(u, "setting "+name, string(got), want)
}

func settingPut(u *subject) {
	_, err := u.s.Setting(u.ctx, "secret")
	u.fails("Setting at first", err, store.ErrNotFound)
	u.putSetting("secret", []byte("\x00\xff binary \r\n"))
	u.wantSetting("secret", "\x00\xff binary \r\n")
	u.putSetting("secret", []byte("second"))
	u.wantSetting("secret", "second")
	u.putSetting("secret", []byte{})
	u.wantSetting("secret", "")
	u.putSetting("secret", nil)
	_, err = u.s.Setting(u.ctx, "secret")
	u.fails("Setting after deletion", err, store.ErrNotFound)
	u.putSetting("secret", nil)
}

func settingInit(u *subject) {
	const processes = 8
	second := u.open("main")
	got := make([]string, processes)
	var all sync.WaitGroup
	for n := range processes {
		s := []store.Store{u.s, second.s}[n%2]
		all.Go(func() {
			value, err := s.InitSetting(u.ctx, "secret", fmt.Appendf(nil, "from %d", n))
			if err != nil {
				u.t.Errorf("InitSetting: %v", err)
			}
			got[n] = string(value)
		})
	}
	all.Wait()
	for _, value := range got {
		same(u, "agreed secret", value, got[0])
	}
	u.wantSetting("secret", got[0])
}

func settingNames(u *subject) {
	for _, name := range []string{"key/b", "key/a", "key_c", "keys", "key/ü", "KEY/a", "key%", "key*", "other"} {
		u.putSetting(name, []byte("v"))
	}
	u.putSetting("key/gone", []byte("v"))
	u.putSetting("key/gone", nil)
	for prefix, want := range map[string][]string{
		"key/": {"key/a", "key/b", "key/ü"}, "key_": {"key_c"}, "key%": {"key%"}, "key*": {"key*"}, "none": nil, "key[": nil,
		"": {"KEY/a", "key%", "key*", "key/a", "key/b", "key/ü", "key_c", "keys", "other"},
	} {
		got, err := u.s.SettingNames(u.ctx, prefix, "")
		u.ok("SettingNames", err)
		same(u, fmt.Sprintf("names from %q", prefix), got, want)
	}
	for n := range store.MaxPage + 10 {
		u.putSetting(fmt.Sprintf("many/%04d", n), []byte("v"))
	}
	got, err := u.s.SettingNames(u.ctx, "many/", "")
	u.ok("SettingNames", err)
	if len(got) != store.MaxPage || got[store.MaxPage-1] != fmt.Sprintf("many/%04d", store.MaxPage-1) {
		u.t.Errorf("SettingNames of too many = %d ending in %q", len(got), got[len(got)-1])
	}
	all, err := store.AllSettingNames(u.ctx, u.s, "many/")
	u.ok("AllSettingNames", err)
	if len(all) != store.MaxPage+10 || !slices.IsSorted(all) {
		u.t.Errorf("AllSettingNames of too many = %d, want %d in order", len(all), store.MaxPage+10)
	}
	for after, want := range map[string][]string{"": {"key/a", "key/b", "key/ü"}, "key/aa": {"key/b", "key/ü"}, "key/ü": nil, "z": nil, "A": {"key/a", "key/b", "key/ü"}} {
		got, err := u.s.SettingNames(u.ctx, "key/", after)
		u.ok("SettingNames", err)
		same(u, fmt.Sprintf("names after %q", after), got, want)
	}
}
